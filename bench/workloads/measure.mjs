/** Repeats `step` one at a time until `count` or until the time is up. Gives how many, and how long it took. */
export async function repeat({ count, milliseconds }, step) {
  const start = performance.now();
  const end = start + milliseconds;
  let done = 0;
  while (done < count && performance.now() < end) await step(done++);
  return { done, milliseconds: performance.now() - start };
}

/** As `repeat`, with up to `lanes` steps outstanding. */
export async function repeatOutstanding({ count, milliseconds, lanes }, step) {
  const start = performance.now();
  const end = start + milliseconds;
  let begun = 0;
  let over = false;
  const lane = async () => {
    while (!over && begun < count) {
      if (begun % 64 === 0 && performance.now() > end) over = true;
      await step(begun++);
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return { done: begun, milliseconds: performance.now() - start };
}

export function expect(holds, what) {
  if (!holds) throw new Error(`wrong answer: ${what}`);
}
