import { Round } from './round.js';

/** What is due at the end of this turn. */
let due: (() => void)[] = [];

/**
 * Runs `task` after all microtasks of this turn, or of a round of turns, so that the calls of many continuations share a
 * frame. All tasks of a turn are one tick of Node's: an event may go to a thousand sessions, each of which has something to
 * send then.
 */
export function defer(task: () => void): void {
  if (due.push(task) === 1) process.nextTick(run);
}

function run(): void {
  if (Round.mayWait(run)) return;
  const tasks = due;
  due = [];
  for (let at = 0; at < tasks.length; at++) {
    try {
      tasks[at]!();
    } catch (error) {
      // The others are not to blame.
      for (const task of tasks.slice(at + 1)) defer(task);
      throw error;
    }
  }
}
