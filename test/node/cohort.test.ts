import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { nodeWeak } from '../../src/node/weak.js';
import type { WeakHold } from '../../src/platform.js';

setFlagsFromString('--expose-gc');
const gc = runInNewContext('gc') as () => void;

interface Note {
  readonly number: number;
  hold: WeakHold<object>;
}

/** Notes of so many new functions, of which `kept` are held on to. */
function flood(count: number, kept: (number: number) => boolean) {
  const collected: number[] = [];
  const watch = nodeWeak.watch<Note>(({ number }) => collected.push(number));
  const apart: number[] = [];
  const functions = new Map<number, object>();
  const notes = Array.from({ length: count }, (_, number) => {
    const fn = (): number => number;
    if (kept(number)) functions.set(number, fn);
    const note: Note = { number, hold: undefined as never };
    note.hold = watch.join!(fn, note, (moved, hold) => {
      apart.push(moved.number);
      moved.hold = hold;
    });
    return note;
  });
  return { watch, collected, apart, functions, notes };
}

/** Not in the test itself, which would hold on to the last of them. */
function areFound({ functions, notes }: ReturnType<typeof flood>): void {
  for (const [number, fn] of functions) expect(notes[number]!.hold.deref(notes[number])).toBe(fn);
}

async function collect(): Promise<void> {
  for (let i = 0; i < 3; i++) {
    await turn();
    gc();
    await turn();
  }
}

/** Until all that is garbage has been told of. */
async function settle(collected: readonly number[], count: number): Promise<void> {
  for (let i = 0; i < 50 && collected.length < count; i++) await collect();
}

it('tells of each that is garbage, once, and finds each that is not', async () => {
  const flooded = flood(3000, (number) => number % 50 === 7);
  areFound(flooded);
  await settle(flooded.collected, 2940);
  const garbage = flooded.notes.map(({ number }) => number).filter((number) => !flooded.functions.has(number));
  expect(flooded.collected.toSorted((a, b) => a - b)).toEqual(garbage);
  areFound(flooded);
  expect(new Set([...flooded.functions.keys()].map((number) => flooded.notes[number]!.hold)).size).toBe(60);
  expect(new Set(flooded.apart).size).toBe(flooded.apart.length);
  flooded.functions.clear();
  await settle(flooded.collected, 3000);
  expect(flooded.collected).toHaveLength(3000);
  flooded.watch.end();
});

it('holds together only when there are many', async () => {
  const { watch, notes, collected, apart } = flood(500, () => false);
  expect(new Set(notes.map(({ hold }) => hold)).size).toBe(500);
  await settle(collected, 500);
  expect([collected.length, apart]).toEqual([500, []]);
  watch.end();
});

it('says nothing once it has ended', async () => {
  const { watch, collected, apart } = flood(2000, (number) => number === 1700);
  watch.end();
  await collect();
  expect([collected, apart]).toEqual([[], []]);
});
