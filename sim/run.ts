import { checkAtEnd, checkSessions, checkTables } from './checks.js';
import { drained } from './drained.js';
import { collectGarbage } from './program/garbage.js';
import { makeCall } from './program/caller.js';
import { detach } from './program/listener.js';
import type { Plan } from './plan.js';
import { playRoles } from './roles/play.js';
import { RoleWorld } from './roles/world.js';
import { whileWatched } from './uncaught.js';
import { World } from './world.js';

/** The part of what is held at the end of a run that is called once more. */
const TRIED = 0.6;

/** More tasks than any run needs: one that never comes to rest has gone wrong. */
const MOST_TASKS = 20_000;

/** A run, of whichever kind, as far as it has been played. */
export type Played = World | RoleWorld;

/** Plays one run: random deeds and faults; then the faults stop, and everything must come to rest as it should. */
export async function run(plan: Plan, trace?: (line: string) => void): Promise<Played> {
  const { stackTraceLimit } = Error;
  // Stacks cross with errors: with the paths of a machine in them, its traces would be like no other's. They also cost much.
  Error.stackTraceLimit = 0;
  const world = plan.roles === undefined ? new World(plan, trace) : new RoleWorld(plan, trace);
  await whileWatched(world, () => (world instanceof World ? play(world) : playRoles(world, rest)));
  Error.stackTraceLimit = stackTraceLimit;
  return world;
}

async function play(world: World): Promise<void> {
  for (const step of world.plan.steps) world.clock.after(step.at, () => world.act(step));
  for (const phase of [rest, finishWork, useHandles, end]) if (world.problems.length === 0) await phase(world);
}

/** Runs until nothing is due any more. */
async function rest(world: Played): Promise<void> {
  let tasks = 0;
  await drained(() => {
    if (++tasks > MOST_TASKS) world.problem('unsettled', 'the run does not come to rest');
    return world.problems.length === 0 && step(world);
  });
}

/** Nothing that a program does, or is told, may throw where it does not expect it. */
function step(world: Played): boolean {
  try {
    return world.clock.step();
  } catch (error) {
    world.problem('errors', `thrown at a program: ${String(error)}`);
    return false;
  }
}

/** What is pending is finished, and so on with what that sets off. */
async function finishWork(world: World): Promise<void> {
  const isBusy = (): boolean => world.programs.some(({ works, promises }) => works.length > 0 || promises.length > 0);
  while (isBusy() && world.problems.length === 0) {
    for (const { works, promises } of world.programs) {
      for (const { finish } of works.splice(0)) finish();
      for (const fulfil of promises.splice(0)) fulfil(0);
    }
    await rest(world);
  }
  checkSessions(world);
}

/** Whatever a program still holds must reach its original: some of it is tried. */
async function useHandles(world: World): Promise<void> {
  world.quieten();
  for (const program of world.programs) {
    for (const value of program.handles) if (program.usable(value) && world.dice.chance(TRIED)) makeCall(program, value, world.dice, { plain: true });
  }
  await rest(world);
  checkSessions(world);
}

async function end(world: World): Promise<void> {
  if (world.plan.ending === 'orderly') await giveEverythingUp(world);
  for (const link of world.links) {
    if (link.ending) continue;
    if (world.plan.ending === 'cut') link.cut();
    else link.close(link.ends[world.dice.integer(0, 1)]!);
  }
  await rest(world);
  checkAtEnd(world);
}

async function giveEverythingUp(world: World): Promise<void> {
  for (const program of world.programs) {
    while (program.attached.length > 0) detach(program, world.dice);
    program.handles.clear();
  }
  await rest(world);
  checkSessions(world);
  do await rest(world);
  while (world.programs.map((program) => collectGarbage(program, world.dice, true)).some((collected) => collected > 0));
  await rest(world);
  checkTables(world);
}
