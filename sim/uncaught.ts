import { setImmediate as turn } from 'node:timers/promises';
import type { Played } from './run.js';

let current: Played | undefined;

/** An error that nobody catches belongs to the run that is being played. */
export function watchUncaught(): void {
  const tell = (error: unknown): void => {
    if (current === undefined) throw error;
    current.problem('errors', `nobody catches ${String(error)}`);
  };
  process.on('uncaughtException', tell);
  process.on('unhandledRejection', tell);
}

/** Plays a run, and waits until Node has told of rejections that nobody handled: it does when nothing else is due. */
export async function whileWatched(world: Played, play: () => Promise<void>): Promise<void> {
  current = world;
  await play();
  await turn();
  current = undefined;
}
