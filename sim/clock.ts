interface Task {
  at: number;
  run: (() => void) | undefined;
}

/** Virtual time: tasks that are due one after the other, however far apart. */
export class Clock {
  now = 0;
  /** The latest first. Of those due at the same time, the one planned first is last, and runs first. */
  readonly #tasks: Task[] = [];

  /** Plans a task. Returns what calls it off. */
  after(delay: number, run: () => void): () => void {
    const task: Task = { at: this.now + delay, run };
    let place = this.#tasks.length;
    while (place > 0 && this.#tasks[place - 1]!.at <= task.at) place--;
    this.#tasks.splice(place, 0, task);
    return () => (task.run = undefined);
  }

  /** Runs the next task. Returns false if there is none. */
  step(): boolean {
    let task = this.#tasks.pop();
    while (task !== undefined && task.run === undefined) task = this.#tasks.pop();
    if (task === undefined) return false;
    this.now = task.at;
    task.run!();
    return true;
  }
}
