import { setTimeout as pause } from 'node:timers/promises';

/** Waits for something to become true; after `ms` it is an error that it has not. */
export async function until(what: string, ms: number, isTrue: () => boolean | Promise<boolean>): Promise<void> {
  const start = performance.now();
  while (!(await isTrue())) {
    if (performance.now() - start > ms) throw new Error(`Waited ${ms} ms in vain until ${what}`);
    await pause(5);
  }
}
