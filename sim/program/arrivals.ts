import { carryOut } from './callee.js';
import { Comparison } from './comparison.js';
import type { Program } from './program.js';
import type { Thing, Value } from './things.js';

/** More handles than this are not kept: a run should not only grow. */
const HANDLES = 12;

/** The code of a value of a program's own is called: for a call, or with an event. */
export function used(thing: Thing, receiver: unknown, args: readonly unknown[]): unknown {
  const { home } = thing;
  const [verb, number, payload] = told(args) as [string, number, unknown];
  if (verb === 'event') return hear(thing, receiver, number, payload);
  home.reading?.readUntil(() => home.world.calls.get(number)?.stage === 'arrived');
  const call = home.world.calls.get(number);
  if (verb !== 'call' || call === undefined) return home.world.problem('errors', `${thing.name} is called with ${String(verb)} ${String(number)}`);
  call.carriedOut(thing);
  mustBeReceiver(thing, receiver, call.receiver, call.name);
  return carryOut(home, call, take(home, payload, { sent: call.payload, from: call.from, what: call.name }));
}

/** What listeners, and other functions, are told: as arguments, or as what an event object carries. */
function told(args: readonly unknown[]): readonly unknown[] {
  const [event] = args as [{ detail?: unknown[] } | undefined];
  return event instanceof Event ? event.detail! : args;
}

function hear(thing: Thing, receiver: unknown, number: number, payload: unknown): void {
  const { home, home: { world } } = thing;
  home.reading?.readUntil(() => home.hears.length > 0);
  const due = home.hears.shift();
  if (due === undefined || due.emission.number !== number || due.listener !== thing) {
    const expected = due === undefined ? 'nothing' : `event ${due.emission.number} for ${due.listener.name}`;
    return world.problem('misordered', `${home.name}: ${thing.name} hears event ${number}, expected was ${expected}`);
  }
  world.trace?.(`${thing.name} hears event ${number}`);
  const what = `event ${number}`;
  mustBeReceiver(thing, receiver, due.emission.emitter, what);
  take(home, payload, { sent: due.emission.payload, from: due.emission.from, what });
  if (world.plan.throwingListeners && world.dice.chance(0.3)) fail(thing, number);
}

function fail(thing: Thing, number: number): never {
  const error = new Error(`thrown by ${thing.name} at event ${number}`);
  thing.home.thrown.set(error, thing);
  throw error;
}

function mustBeReceiver(thing: Thing, receiver: unknown, expected: Thing | undefined, what: string): void {
  const wrong = expected === undefined ? misplaces(thing, receiver) : thing.home.misjudges(expected.token, receiver);
  if (wrong !== undefined) thing.home.world.problem('premature', `${what}: its this: ${wrong}`);
}

function misplaces(thing: Thing, receiver: unknown): string | undefined {
  const { reading, ends } = thing.home;
  if (thing.kind !== 'function') return receiver === thing.value ? undefined : 'another object';
  // What the middle program passes on may hold functions of its own, in objects that only the session knows.
  if (reading === undefined || ends.length > 1 || thing.found(reading).allows(receiver)) return undefined;
  return receiver === undefined ? 'missing' : 'not the object that it was sent in';
}

/** The property of an item is read. */
export function read(thing: Thing): number {
  const { home } = thing;
  home.reading?.readUntil(() => home.reads.length > 0);
  const call = home.reads.shift();
  if (call === undefined) home.world.problem('misordered', `${thing.name} is read, which nobody asked for`);
  call?.carriedOut(thing);
  if (call !== undefined) call.outcome = { returns: thing.level };
  return thing.level;
}

/** The property of an item is assigned: the number of the call is its value. */
export function assigned(thing: Thing, level: number): void {
  const { reading, world } = thing.home;
  reading?.readUntil(() => world.calls.get(level)?.stage === 'arrived');
  world.calls.get(level)?.carriedOut(thing);
  thing.level = level;
}

interface Sending {
  readonly sent: unknown;
  readonly from: Program;
  readonly what: string;
}

/** Values arrive: they must be what was sent, and some are kept. Returns the stand-ins among them. */
export function take(program: Program, got: unknown, { sent, from, what }: Sending): Value[] {
  const { plan, dice } = program.world;
  const comparison = new Comparison(from, program);
  const difference = comparison.difference(sent, got, what);
  if (difference !== undefined) program.world.problem('premature', difference);
  for (const promises of comparison.promises) awaitBoth(program, from, promises);
  for (const value of comparison.received) if (program.handles.size < HANDLES && dice.chance(plan.keeping)) program.handles.add(value);
  return comparison.received;
}

/** The stand-in of a promise must be settled as the promise is. */
function awaitBoth(program: Program, from: Program, { got, sent }: { got: Promise<unknown>; sent: Promise<unknown> }): void {
  const path = program.pathTo(from);
  program.awaiting++;
  got.then(
    async (value) => {
      if (value !== await sent) program.world.problem('errors', `a promise of ${from.name} is fulfilled with ${String(value)}`);
    },
    (error: unknown) => {
      if (!path.some((link) => link.ending)) program.world.problem('errors', `a promise of ${from.name} is rejected: ${String(error)}`);
    },
  ).finally(() => program.awaiting--);
}
