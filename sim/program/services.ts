import type { Dice } from '../dice.js';
import type { End } from '../network/end.js';
import type { Program } from './program.js';
import type { Thing } from './things.js';

/** A value that a program offers to the other side of a session by name. */
export interface Service {
  readonly end: End;
  readonly thing: Thing;
}

/** What is offered from the beginning. The first program offers something in any case. */
export function offer(program: Program, end: End, dice: Dice): void {
  const kinds = program.world.plan.kinds.filter((kind) => kind !== 'symbol');
  for (let i = dice.integer(program.index === 0 ? 1 : 0, 2); i > 0; i--) enter(program, end, program.make(dice.pick(kinds)!));
}

export function offered(program: Program, end: End): [name: string, value: object][] {
  return [...program.services].filter(([, service]) => service.end === end).map(([name, { thing }]) => [name, thing.value as object]);
}

function enter(program: Program, end: End, thing: Thing): string {
  const name = `service${program.services.size}${program.name}`;
  program.services.set(name, { end, thing });
  thing.found(end).add(name, undefined, true);
  return name;
}

/** Publishes a new service, or again one that was withdrawn. */
export function publish(program: Program, end: End, dice: Dice): void {
  const withdrawn = program.things.filter(({ token }) => end.withdrawn.has(token));
  const thing = (dice.chance(0.5) ? dice.pick(withdrawn) : undefined) ?? program.make(dice.pick(['function', 'item', 'emitter', 'target'] as const)!);
  end.withdrawn.delete(thing.token);
  end.peer.publish(enter(program, end, thing), thing.value as object);
}

/**
 * Takes a service back. What is packed already could mention it once more, and so decide whether it is exported anew: then
 * it stays.
 */
export function withdraw(program: Program, end: End, dice: Dice): void {
  const service = end.unsent > 0 ? undefined : dice.pick([...program.services].filter(([, service]) => mayBeWithdrawn(service, end)));
  if (service === undefined) return;
  const [name, { thing }] = service;
  // One that the other side has given back is none of its services any more.
  if (end.exported.has(thing.token)) end.withdrawn.add(thing.token);
  end.peer.withdraw(thing.value as object);
  end.peer.unpublish(name);
  program.world.traffic.detachFrom(end, thing);
}

/** With three programs an emitter stays: its events could go on through the third. */
function mayBeWithdrawn({ end, thing }: Service, from: End): boolean {
  return end === from && !end.withdrawn.has(thing.token) && (thing.listeners === undefined || thing.home.world.programs.length === 2);
}

/** A service of the other side came or went. */
export function serviceChanged({ program, other }: End, name: string, proxy: object | undefined): void {
  program.world.trace?.(`${program.name}: service ${name} ${proxy === undefined ? 'goes' : 'comes'}`);
  if (proxy === undefined) return;
  const { thing } = other.program.services.get(name)!;
  const wrong = program.misjudges(thing.token, proxy);
  if (wrong !== undefined) program.world.problem('premature', `service ${name}: ${wrong}`);
  program.handles.add(proxy);
}
