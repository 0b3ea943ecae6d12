import { EVENTS } from './host.js';
import type { Worker } from './worker.js';
import type { RoleWorld } from './world.js';

const MOST_TRIES = 50;

/** Runs until nothing is due any more. */
type Rest = (world: RoleWorld) => Promise<void>;

/** Plays a run with a role: random deeds and faults, then none any more, and everything must come right. */
export async function playRoles(world: RoleWorld, rest: Rest): Promise<void> {
  for (const step of world.plan.steps) world.clock.after(step.at, () => world.act(step));
  for (const phase of [rest, recover, finishWork, end]) if (world.problems.length === 0) await phase(world, rest);
}

/** A process for each place, which listens to everything: what was held must come to it. */
async function recover(world: RoleWorld, rest: Rest): Promise<void> {
  world.isEnding = true;
  for (let instance = 1; instance <= world.plan.roles!.instances; instance++) {
    // One that does not start in time is followed by another.
    for (let tries = 0; tries < MOST_TRIES; tries++) {
      const worker = world.spawn(String(instance));
      worker.arrived = () => listenToAll(world, worker);
      await rest(world);
      if (worker.isLive || world.problems.length > 0) break;
    }
  }
  for (let i = 0; i < 4; i++) world.host.emit(world.dice);
  await rest(world);
}

function listenToAll(world: RoleWorld, worker: Worker): void {
  for (const [i] of world.host.emitters.entries()) for (const event of EVENTS) worker.attach(i, event, world.dice);
  worker.ready(world.dice);
}

async function finishWork(world: RoleWorld, rest: Rest): Promise<void> {
  while (world.workers.some(({ works, over }) => works.length > 0 && !over) && world.problems.length === 0) {
    for (const worker of world.workers) for (const finish of worker.works.splice(0)) finish();
    await rest(world);
  }
  if (world.problems.length > 0) return;
  world.accounts.check();
  world.states.check();
  checkRest(world);
}

/** Nothing is under way, and there is a process for everything. */
function checkRest(world: RoleWorld): void {
  const [role] = world.host.roles.report();
  if (role === undefined) return world.problem('errors', 'the role is gone while it has processes');
  const { parked, waiting, dropped, members } = role;
  if (parked.events > 0 || parked.bytes > 0 || waiting > 0) world.problem('errors', `${parked.events} events of ${parked.bytes} bytes are parked, ${waiting} wait, although all processes are there`);
  for (const { client, stage, inHand } of members) if (inHand > 0) world.problem('unsettled', `${client} has ${inHand} events in hand, and is ${stage}`);
  for (const { client, stage } of members) if (stage === 'retiring' || stage === 'taking over') world.problem('unsettled', `${client} is still ${stage}`);
  for (const { name, isPaused } of world.host.emitters) if (isPaused) world.problem('unsettled', `${name} stays paused`);
  const counted = dropped.reduce((sum, { count }) => sum + count, 0);
  if (counted !== world.accounts.dropped) world.problem('errors', `${counted} dropped events are reported, there were ${world.accounts.dropped}`);
}

async function end(world: RoleWorld, rest: Rest): Promise<void> {
  if (world.plan.ending === 'orderly') await giveEverythingUp(world, rest);
  for (const worker of world.workers) {
    if (worker.over) continue;
    if (world.plan.ending === 'cut') worker.kill();
    else worker.close();
  }
  await rest(world);
  world.host.roles.close();
  for (const emitter of world.host.emitters) {
    const left = EVENTS.reduce((sum, event) => sum + emitter.listenerCount(event), 0);
    if (left > 0) world.problem('listeners', `${left} listeners are left on ${emitter.name}`);
    if (emitter.getMaxListeners() !== 10) world.problem('listeners', `the limit of ${emitter.name} stays at ${emitter.getMaxListeners()}`);
  }
  for (const { over, name } of world.host.ends) if (!over) world.problem('unsettled', `the session of ${name} has not ended`);
}

/** When all is detached and collected, a session holds its services and nothing else. */
async function giveEverythingUp(world: RoleWorld, rest: Rest): Promise<void> {
  const there = world.workers.filter(({ over, isRunning }) => !over && isRunning);
  for (const worker of there) while (worker.listeners.length > 0 && !worker.over) worker.detach(world.dice);
  await rest(world);
  let collected: number;
  do {
    collected = world.collectAtHost(world.dice, true);
    for (const worker of there) collected += worker.collect(world.dice, true);
    await rest(world);
  } while (collected > 0);
  const services = world.host.emitters.length;
  for (const { over, name, peer, end } of there) {
    if (over) continue;
    const [here, atHost] = [peer.tables, end.peer.tables];
    if (here.exports > 0 || atHost.imports > 0 || atHost.listeners > 0) world.problem('leaks', `${name}: ${here.exports} of its values are held, ${atHost.listeners} listeners are left`);
    if (here.imports > services || atHost.exports > services) world.problem('leaks', `${name} holds ${here.imports} values of the host, ${atHost.exports} are exported`);
    if (here.calls + here.answers + atHost.calls + atHost.answers > 0) world.problem('unsettled', `${name}: calls are left`);
  }
}
