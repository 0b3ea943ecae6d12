// npm run proof:kill: clients and hosts that are killed in the middle of everything.
import { setTimeout as pause } from 'node:timers/promises';
import { Child, eventually, freshName, percentile, rounded } from './lib/process.mjs';
import { prove } from './lib/proof.mjs';
import { SystemsEye } from './lib/systems-eye.mjs';

/**
 * Four clients of a host: one that has the turn in a role, one that is about to succeed it, one without a role, and one
 * that blocks. All have calls, events, streams, iterators and references under way.
 */
async function crewOf(name, eye) {
  const [holder, heir, plain, blocking] = await Promise.all(['client', 'client', 'client', 'blocking-client'].map((file) => Child.start(file, { HOST: name, EYE: eye.path }, { flags: ['--import', eye.module] })));
  await Promise.all([holder.ask('burden', { role: true }), heir.ask('burden', { role: true, ready: false }), plain.ask('burden'), blocking.ask('go', 'call')]);
  return { holder, heir, all: [holder, heir, plain, blocking] };
}

/** Kills clients of one host, four at a time: the first two of them in the middle of a handover. */
async function killClients(count, figures) {
  const name = freshName();
  const host = await Child.start('host', { HOST: name });
  const eye = await SystemsEye.open(name);
  await host.ask('emit', 2);
  await host.ask('employ');
  const detection = [];
  const system = [];
  let notCleaned = 0;
  let handovers = 0;
  for (let round = 0; round < count / 4; round++) {
    const { holder, heir, all } = await crewOf(name, eye);
    const handing = new Promise((resolve) => holder.process.on('message', (message) => message?.handing && resolve(true)));
    await heir.ask('ready');
    if (await Promise.race([handing, pause(2_000, false)])) handovers++;
    const killed = new Map();
    for (const client of round % 2 === 0 ? all : all.toReversed()) {
      await pause(Math.random() * 5);
      killed.set(client.pid, Date.now());
      client.signal('SIGKILL');
    }
    await Promise.all(all.map(({ exited }) => exited));
    const gone = [];
    await eventually(async () => {
      gone.push(...(await host.ask('ended')));
      return gone.length >= all.length;
    });
    for (const { pid, at } of gone) detection.push(at - killed.get(pid));
    system.push(...(await eye.seen(killed)));
    const clean = await eventually(async () => {
      const { sessions, exports, imports, calls, answers, listeners, attached } = await host.ask('report');
      return sessions + exports + imports + calls + answers + listeners + attached === 0;
    });
    if (!clean) notCleaned++;
  }
  const report = await host.ask('report');
  const world = await host.ask('world');
  figures.figure('clientsKilled', Math.ceil(count / 4) * 4);
  figures.figure('killedWhileHandingOver', handovers);
  figures.zero('orphanedListeners', report.attached + report.listeners);
  figures.zero('orphanedReferences', report.exports + report.imports);
  figures.zero('openCalls', report.calls + report.answers);
  figures.zero('notCleaned', notCleaned);
  figures.zero('notDetected', Math.ceil(count / 4) * 4 - detection.length);
  figures.figure('detectionP50ms', percentile(detection, 0.5));
  figures.figure('detectionMaxms', Math.max(...detection));
  figures.figure('systemP50ms', percentile(system, 0.5));
  figures.figure('systemP95ms', percentile(system, 0.95));
  figures.zero('hostErrors', world.uncaught + world.unhandled, world.first);
  eye.close();
  await host.kill();
  return detection;
}

/** Clients that block while their host is killed: two that call, and two that stand still for another client. */
class Blockers {
  static async start(name) {
    const blockers = new Blockers();
    blockers.never = await Child.start('blocking-client', { HOST: name });
    await blockers.never.ask('never');
    blockers.all = await Promise.all(['wait', 'wait', 'call', 'call'].map(async (what) => {
      const child = await Child.start('blocking-client', { HOST: name });
      const client = { child, what, waits: 0 };
      child.process.on('message', (message) => message?.waits && client.waits++);
      await child.ask('go', what);
      return client;
    }));
    return blockers;
  }

  /** Resolves when those that wait do so for the nth time. */
  waiting(n) {
    return eventually(() => this.all.every(({ what, waits }) => what === 'call' || waits >= n), 20_000);
  }

  /** Whether each call has thrown what it must, for the nth time; and how long after the kill. */
  async thrown(n, killedAt, times) {
    let missing = 0;
    for (const { child } of this.all) {
      let seen;
      const thrown = await eventually(async () => (seen = await child.ask('seen')).failed >= n, 10_000);
      if (thrown) times.push(seen.thrownAt - killedAt);
      else missing++;
    }
    return missing;
  }

  /** The host is there again: so is the client for which others wait, and all have plugged in. */
  async back(n, name) {
    await this.never.kill();
    this.never = await Child.start('blocking-client', { HOST: name });
    await this.never.ask('never');
    return eventually(() => this.all.every(({ child }) => child.isRunning), 1).then(async (alive) => alive && (await this.waiting(n + 1)));
  }

  async end() {
    const all = await Promise.all(this.all.filter(({ what }) => what === 'call').map(({ child }) => child.ask('seen')));
    await Promise.all([this.never.kill(), ...this.all.map(({ child }) => child.kill())]);
    return { calls: all.reduce((sum, { calls }) => sum + calls, 0), others: all.reduce((sum, { others }) => sum + others, 0), first: all.map(({ first }) => first).join('') };
  }
}

/** Kills the host under clients that call it; it comes again, and they plug in. */
async function killHosts(count, figures) {
  const name = freshName();
  let unsettled = 0;
  let notBack = 0;
  let lost = 0;
  let settled = 0;
  let notThrown = 0;
  const back = [];
  const thrown = [];
  const clients = await Promise.all(Array.from({ length: 3 }, () => Child.start('client', { HOST: name })));
  let host = await Child.start('host', { HOST: name });
  await Promise.all(clients.map((client) => client.ask('burden')));
  const blockers = await Blockers.start(name);
  for (let i = 0; i < count; i++) {
    await host.ask('emit', 2);
    if (!(await blockers.waiting(i + 1))) notBack++;
    await pause(30 + Math.random() * 50);
    const before = await Promise.all(clients.map((client) => client.ask('seen')));
    const killedAt = Date.now();
    await host.kill();
    const began = performance.now();
    for (const [at, client] of clients.entries()) {
      // The 20 that hang, at least, must fail.
      const ok = await eventually(async () => (i > 0 ? (await client.ask('seen')).failed > before[at].failed : (await client.ask('seen')).failed >= before[at].failed + 20), 10_000);
      if (!ok) unsettled++;
    }
    notThrown += await blockers.thrown(i + 1, killedAt, thrown);
    host = await Child.start('host', { HOST: name });
    for (const client of clients) {
      const ok = await eventually(async () => {
        try {
          return (await client.ask('call', 'echo', 'back')) === 'back';
        } catch {
          return false;
        }
      }, 15_000);
      if (!ok) notBack++;
      for (let n = 0; n < 20; n++) void client.ask('call', 'hang').catch(() => {});
    }
    if (!(await blockers.back(i + 1, name))) notBack++;
    back.push(performance.now() - began);
  }
  for (const client of clients) {
    if (!client.isRunning) lost++;
    else settled += (await client.ask('seen')).failed;
  }
  const blocked = await blockers.end();
  figures.figure('hostsKilled', count);
  figures.zero('callsNotSettled', unsettled);
  figures.zero('notPluggedInAgain', notBack);
  figures.zero('clientsLost', lost, clients.map(({ stderr }) => stderr).join(' '));
  figures.figure('callsFailedInOrder', settled);
  figures.figure('backP50ms', rounded(percentile(back, 0.5), 0));
  figures.figure('blockingCalls', blocked.calls);
  figures.zero('blockingCallsNotThrown', notThrown);
  figures.zero('blockingCallsThrewOtherwise', blocked.others, blocked.first);
  figures.figure('blockingThrewP50ms', percentile(thrown, 0.5));
  figures.figure('blockingThrewMaxms', Math.max(...thrown));
  await Promise.all(clients.map((client) => client.kill()));
  await host.kill();
}

await prove('kill', async ({ short, figures }) => {
  const detection = await killClients(short ? 24 : 300, figures);
  await killHosts(short ? 3 : 50, figures);
  // On a machine that is busy with others, most tell more than the slowest.
  figures.atMost('detectionP95ms', percentile(detection, 0.95), short ? 500 : 50);
});
