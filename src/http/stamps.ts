/** What is known of some objects. */
export interface Stamps<Note extends object> {
  /** Once for an object. */
  put(object: object, note: Note): void;
  on(object: object): Note | undefined;
}

/** Makes `new Stamp(object)` install the private field on `object`. */
class Returned {
  constructor(object: object) {
    return object;
  }
}

/**
 * Keeps notes on the objects themselves, in a private field that nobody sees. There are two for each request, and WeakMaps
 * of so many young objects would cost the garbage collector more than all else that is done here.
 */
export function makeStamps<Note extends object>(): Stamps<Note> {
  return class Stamp extends Returned {
    #note: Note;

    private constructor(object: object, note: Note) {
      super(object);
      this.#note = note;
    }

    static put(object: object, note: Note): void {
      new Stamp(object, note);
    }

    static on(object: object): Note | undefined {
      return #note in object ? object.#note : undefined;
    }
  };
}
