import type { Dice } from '../dice.js';
import type { Cell } from './heap.js';
import { EVENTS } from './listener.js';
import { wrappersOn } from './objects.js';
import type { Program } from './program.js';
import type { Thing, Value } from './things.js';

type Wrapper = { listener?: Value };

/**
 * Collects of a program what nothing holds: its handles, what it still works on, the listeners of its emitters, and what
 * other programs refer to through it. `thorough` collects all of it, otherwise a part, as generations and luck would have it.
 */
export function collectGarbage(program: Program, dice: Dice, thorough = false): number {
  program.heap.learn();
  const held = reachable(program);
  let collected = 0;
  for (const cell of program.heap.cells.values()) {
    if (cell.collected || held.has(cell.value) || !mayGo(program, cell) || !(thorough || dice.chance(0.7))) continue;
    program.heap.collect(cell, dice);
    forget(program, cell);
    collected++;
  }
  return collected;
}

/** With an emitter goes what was attached to it. */
function forget(program: Program, cell: Cell): void {
  const emitter = program.world.thingOf(cell.value);
  if (emitter === undefined) return;
  for (const { roster } of program.ends) for (const attachment of roster.of(emitter)) roster.remove(attachment);
}

function reachable(program: Program): Set<Value> {
  const held = new Set<Value>(program.handles);
  for (const { kept } of program.works) for (const value of kept) held.add(value);
  for (const { emitter, listener } of program.attached) held.add(emitter).add(listener);
  for (const emitter of program.things) if (emitter.listeners !== undefined && isAlive(emitter)) holdListeners(emitter.value, held);
  for (const end of program.ends) {
    if (end.over) continue;
    for (const token of end.exported.tokens()) hold(program.valueOf(token), held);
    // A ledger keeps the stand-in of an emitter for as long as it has to detach something from it.
    for (const { emitter } of end.roster.all()) hold(program.valueOf(emitter.token), held);
  }
  holdHidden(program, held);
  return held;
}

function hold(value: Value | undefined, held: Set<Value>): void {
  if (value !== undefined) held.add(value);
}

/** An emitter that its own program has dropped lives on while others refer to it. */
function isAlive(emitter: Thing): boolean {
  return !emitter.dropped || emitter.home.ends.some((end) => !end.over && (end.exported.has(emitter.token) || end.unsent > 0));
}

function holdListeners(emitter: Value, held: Set<Value>): void {
  held.add(emitter);
  for (const event of EVENTS) for (const wrapper of wrappersOn(emitter, event)) holdWrapper(wrapper, held);
}

function holdWrapper(wrapper: Value, held: Set<Value>): void {
  held.add(wrapper);
  hold((wrapper as Wrapper).listener, held);
}

/**
 * What works behind stand-ins has no name on the wire: all of it stays while any of it is referred to, by a promise that is
 * waited for here or through another session. Only the middle program has attached anything to what is not its own.
 */
function holdHidden(program: Program, held: Set<Value>): void {
  const referring = program.ends.filter((end) => !end.over && (end.exported.hidden > 0 || end.unsent > 0));
  for (const cell of program.heap.cells.values()) {
    const isWrapper = cell.end === undefined && typeof cell.value === 'function';
    if (isWrapper && program.ends.length > 1 && referring.length > 0) holdWrapper(cell.value, held);
    const isStandIn = cell.end !== undefined && cell.token === 0;
    if (isStandIn && (program.awaiting > 0 || referring.some((end) => end !== cell.end))) held.add(cell.value);
  }
}

/** What is packed already, but not on the wire, may hold a value that came by another session. */
function mayGo(program: Program, cell: Cell): boolean {
  if (cell.end !== undefined) return !cell.end.over && program.ends.every((end) => end === cell.end || end.unsent === 0);
  const thing = program.world.thingOf(cell.value);
  return thing === undefined || (thing.listeners !== undefined && thing.dropped);
}
