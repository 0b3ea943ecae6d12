import { release } from '../../src/proxies/operations.js';
import { EVENTS } from './listener.js';
import { wrappersOn } from './objects.js';
import type { Program } from './program.js';
import type { Value } from './things.js';

/** Whether the program's code may say that it needs a stand-in no more: not while it is in use, here or through another session. */
export function canRelease(program: Program, value: Value): boolean {
  const token = program.tokenOf(value)!;
  const inUse = program.attached.some(({ emitter, listener }) => emitter === value || listener === value) || program.works.some(({ kept }) => kept.includes(value));
  return !inUse && !isListening(program, value) && program.ends.every((end) => end.unsent === 0 && !end.exported.has(token) && end.exported.hidden === 0);
}

function isListening(program: Program, value: Value): boolean {
  const isIn = (emitter: Value): boolean => EVENTS.some((event) => wrappersOn(emitter, event).some((wrapper) => (wrapper as { listener?: unknown }).listener === value));
  const token = program.tokenOf(value)!;
  const inRoster = program.ends.some(({ roster }) => roster.all().some(({ emitter, listener }) => emitter.token === token || ('token' in listener && listener.token === token)));
  return inRoster || program.things.some((thing) => thing.listeners !== undefined && isIn(thing.value));
}

export function releaseStandIn(program: Program, value: Value): void {
  const cell = program.heap.cells.get(value)!;
  program.world.trace?.(`${program.name} releases ${program.thingOf(value).name}`);
  program.handles.delete(value);
  cell.released = true;
  release(value as object);
}
