import { EventEmitter, getMaxListeners } from 'node:events';
import type { End } from './network/end.js';
import { EVENTS } from './program/listener.js';
import { wrappersOn } from './program/objects.js';
import type { Thing, Value } from './program/things.js';
import type { World } from './world.js';

/** Once nothing is under way any more: everything is answered, heard and attached as it should be. */
export function checkSessions(world: World): void {
  // A run that was given up has not come to rest.
  if (world.problems.length > 0) return;
  for (const call of world.calls.values()) if (!call.settled) world.problem('unsettled', `${call.name} is not settled`);
  for (const { awaiting, name } of world.programs) if (awaiting > 0) world.problem('unsettled', `${name}: ${awaiting} promises are not settled`);
  for (const end of endsOf(world)) checkChannel(world, end);
  for (const thing of world.things) if (thing?.listeners !== undefined) checkListeners(world, thing);
}

function endsOf(world: World): End[] {
  return world.links.flatMap(({ ends }) => ends);
}

function checkChannel(world: World, end: End): void {
  if (end.link.ending || end.channel.length === 0) return;
  world.problem('misordered', `${end.name}: ${end.channel.length} messages have not come, the first is a ${end.channel[0]!.kind}`);
}

function checkListeners(world: World, emitter: Thing): void {
  const { home, name } = emitter;
  if (home.heap.cells.get(emitter.value)?.collected === true) return;
  for (const event of EVENTS) {
    const actual = wrappersOn(emitter.value, event).map((wrapper) => home.tokenOf((wrapper as { listener?: Value }).listener ?? wrapper) ?? 0);
    const expected = emitter.listeners!.of(emitter, event).map(({ listener }) => ('token' in listener ? listener.token : 0));
    if (actual.join() !== expected.join()) world.problem('listeners', `${name}, event ${event}: attached are [${actual.join()}], not [${expected.join()}]`);
  }
}

/** When all has been given up and collected, nothing is left in any table. */
export function checkTables(world: World): void {
  if (world.problems.length > 0) return;
  for (const end of endsOf(world)) {
    for (const [table, size] of Object.entries(end.peer.tables)) {
      if (size > 0) world.problem(countOf(table), `${end.name}: ${size} ${table} are left when all has been given up`);
    }
    if (!end.over && end.exported.size > 0) world.problem('leaks', `${end.name}: ${end.exported.size} references were not given back`);
  }
}

function countOf(table: string): 'unsettled' | 'leaks' | 'listeners' {
  if (table === 'calls' || table === 'answers') return 'unsettled';
  return table === 'listeners' ? 'listeners' : 'leaks';
}

/** When the sessions have ended, they have left no trace. */
export function checkAtEnd(world: World): void {
  checkSessions(world);
  checkTables(world);
  if (world.problems.length > 0) return;
  for (const end of endsOf(world)) {
    if (!end.over) world.problem('errors', `${end.name} has not ended`);
    if (!end.gone) world.problem('unsettled', `${end.name}: its transport has not closed`);
  }
  for (const thing of world.things) if (thing?.listeners !== undefined) checkEmitter(world, thing);
}

function checkEmitter(world: World, { name, value }: Thing): void {
  const left = EVENTS.reduce((sum, event) => sum + wrappersOn(value, event).length, 0);
  if (left > 0) return world.problem('listeners', `${name}: ${left} listeners are left`);
  const limit = getMaxListeners(value as EventEmitter);
  if (limit !== EventEmitter.defaultMaxListeners) world.problem('listeners', `${name}: its limit of listeners stays at ${limit}`);
}
