/** Longer texts are not kept. */
const LONGEST = 4096;

/**
 * `make`, with its latest result remembered: what goes to many sessions one after the other is made once. The result is one
 * string then, and V8 joins the pieces of a string once.
 */
export function latest(make: (text: string) => string): (text: string) => string {
  let of = '';
  let made = make(of);
  return (text) => {
    if (text === of) return made;
    if (text.length > LONGEST) return make(text);
    of = text;
    return (made = make(text));
  };
}
