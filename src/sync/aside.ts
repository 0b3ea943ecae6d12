import type { Incoming } from '../peer/receiver.js';
import { isAwaited } from './levels.js';

/** A call of the other side's, or what settles a promise. */
type Task = Incoming | (() => void);

/** What is for the event loop, in the order of arrival. */
export class Aside {
  #tasks: Task[] = [];
  /** How many of them others stand still for. */
  #awaited = 0;

  get length(): number {
    return this.#tasks.length;
  }

  push(task: Task): void {
    this.#tasks.push(task);
    if (isCall(task) && isAwaited(task)) this.#awaited++;
  }

  shift(): Task | undefined {
    const task = this.#tasks.shift();
    if (task !== undefined && isCall(task) && isAwaited(task)) this.#awaited--;
    return task;
  }

  /** The first that another process stands still for: what this one is about to wait for may wait for it. */
  shiftAwaited(): Incoming | undefined {
    if (this.#awaited === 0) return undefined;
    this.#awaited--;
    const at = this.#tasks.findIndex((task) => isCall(task) && isAwaited(task));
    return this.#tasks.splice(at, 1)[0] as Incoming;
  }
}

const isCall = (task: Task): task is Incoming => typeof task !== 'function';
