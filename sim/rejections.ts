import { setImmediate as turn } from 'node:timers/promises';
import type { World } from './world.js';

let current: World | undefined;

/** An error that nobody caught belongs to the run that is being played. */
export function watchRejections(): void {
  process.on('unhandledRejection', (error) => {
    if (current === undefined) throw error;
    current.problem('errors', `a rejection that nobody handles: ${String(error)}`);
  });
}

/** Node tells of such errors only when nothing else is due. */
export async function tellRejections(world: World): Promise<void> {
  current = world;
  await turn();
  current = undefined;
}
