/**
 * A call that is being carried out for somebody who stands still until it is answered. What is called meanwhile, at once,
 * is called in its course, and says so on the wire: so that who stands still can serve what belongs to its own call, and
 * knows it from what does not.
 */
export class Course {
  /** Calls back to the session that were made in this course, and are not known to be answered. */
  #callbacks: Promise<unknown>[] = [];

  constructor(
    /** The session that the call came by. */
    readonly session: object,
    /** Its number there; 0 if it wants no answer. */
    readonly call: number,
    /** What it was itself made in the course of, by way of this process. */
    readonly within: Course | undefined,
    /** Somebody stands still between the two: until this one is answered, and in the other's course. */
    readonly blocksOn = true,
  ) {}

  /** The number of the call of `session` that this course belongs to; 0 if there is none. */
  callOf(session: object): number {
    for (let at: Course | undefined = this as Course; at !== undefined; at = at.within) if (at.session === session && at.call > 0) return at.call;
    return 0;
  }

  /**
   * The same as a call says it that is made to that session, and that is waited for: negative if somebody else stands still
   * for it, too. A process on the way that only passes calls on stands still for nothing.
   */
  courseFor(session: object): number {
    let sign = 1;
    for (let at: Course | undefined = this as Course; at !== undefined; at = at.within) {
      if (at.session === session && at.call > 0) return sign * at.call;
      if (at.blocksOn) sign = -1;
    }
    return 0;
  }

  /** Somebody who stands still for this course, or for what it is within, was called back. */
  calledBack(session: object, answer: Promise<unknown>): void {
    for (let at: Course | undefined = this as Course; at !== undefined; at = at.within) if (at.session === session) return void at.#callbacks.push(answer);
  }

  get hasCalledBack(): boolean {
    return this.#callbacks.length > 0;
  }

  /** Resolves when who stands still has answered what it was called back for; fails as one of those has. */
  async calledBackDone(): Promise<void> {
    await Promise.all(this.#callbacks.splice(0));
  }
}

let current: Course | undefined;

export function currentCourse(): Course | undefined {
  return current;
}

export function inCourse<T>(course: Course | undefined, task: () => T): T {
  const outer = current;
  current = course;
  try {
    return task();
  } finally {
    current = outer;
  }
}
