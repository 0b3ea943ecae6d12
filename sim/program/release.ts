import { release } from '../../src/proxies/operations.js';
import { EVENTS } from './listener.js';
import { wrappersOn } from './objects.js';
import type { Program } from './program.js';
import type { Value } from './things.js';

/** Whether the program's code may say that it needs a stand-in no more: not while it is in use, here or through another session. */
export function canRelease(program: Program, value: Value): boolean {
  return !isInUse(program, value) && !isListening(program, value) && !isPassedOn(program, value);
}

function isInUse({ attached, works }: Program, value: Value): boolean {
  return attached.some(({ emitter, listener }) => emitter === value || listener === value) || works.some(({ kept }) => kept.includes(value));
}

function isListening(program: Program, value: Value): boolean {
  const thing = program.thingOf(value);
  const isAttached = program.ends.some(({ roster }) => roster.all().some(({ emitter, listener }) => emitter === thing || listener === thing));
  return isAttached || program.things.some(({ listeners, value: emitter }) => listeners !== undefined && EVENTS.some((event) => isOn(emitter, event, value)));
}

function isOn(emitter: Value, event: string, listener: Value): boolean {
  return wrappersOn(emitter, event).some((wrapper) => (wrapper as { listener?: unknown }).listener === listener);
}

/** Over the session by which it came it goes home, over others it may be exported, also by what is packed already. */
function isPassedOn({ heap, ends }: Program, value: Value): boolean {
  const { token, end: from } = heap.cells.get(value)!;
  return ends.some((end) => end !== from && (end.unsent > 0 || end.exported.has(token) || end.exported.hidden > 0));
}

export function releaseStandIn(program: Program, value: Value): void {
  const cell = program.heap.cells.get(value)!;
  program.world.trace?.(`${program.name} releases ${program.thingOf(value).name}`);
  program.handles.delete(value);
  cell.released = true;
  release(value as object);
}
