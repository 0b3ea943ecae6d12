// npm run proof:kill: clients and hosts that are killed in the middle of everything.
import { setTimeout as pause } from 'node:timers/promises';
import { Child, eventually, freshName, percentile, rounded } from './lib/process.mjs';
import { prove } from './lib/proof.mjs';

const AT_ONCE = 4;

/** Kills clients of one host, some at a time. */
async function killClients(count, figures) {
  const name = freshName();
  const host = await Child.start('host', { HOST: name });
  await host.ask('emit', 2);
  const detection = [];
  let notCleaned = 0;
  let killed = 0;
  for (let done = 0; done < count; done += AT_ONCE) {
    const clients = await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - done) }, () => Child.start('client', { HOST: name })));
    // Two share a role, so that a kill is a handover, too.
    await Promise.all(clients.map((client, i) => client.ask('burden', { role: i < 2 })));
    const times = new Map();
    for (const client of clients) {
      await pause(Math.random() * 5);
      times.set(client.pid, Date.now());
      client.signal('SIGKILL');
      killed++;
    }
    await Promise.all(clients.map(({ exited }) => exited));
    const gone = [];
    await eventually(async () => {
      gone.push(...(await host.ask('ended')));
      return gone.length >= clients.length;
    });
    for (const { pid, at } of gone) detection.push(at - times.get(pid));
    const clean = await eventually(async () => {
      const { sessions, exports, imports, calls, answers, listeners, attached } = await host.ask('report');
      return sessions + exports + imports + calls + answers + listeners + attached === 0;
    });
    if (!clean) notCleaned++;
  }
  const report = await host.ask('report');
  const world = await host.ask('world');
  figures.figure('clientsKilled', killed);
  figures.zero('orphanedListeners', report.attached + report.listeners);
  figures.zero('orphanedReferences', report.exports + report.imports);
  figures.zero('openCalls', report.calls + report.answers);
  figures.zero('notCleaned', notCleaned);
  figures.zero('notDetected', killed - detection.length);
  figures.figure('detectionP50ms', percentile(detection, 0.5));
  figures.figure('detectionMaxms', Math.max(...detection));
  figures.zero('hostErrors', world.uncaught + world.unhandled, world.first);
  await host.kill();
  return detection;
}

/** Kills the host under clients that call it; it comes again, and they plug in by themselves. */
async function killHosts(count, figures) {
  const name = freshName();
  let unsettled = 0;
  let notBack = 0;
  let uncaught = 0;
  let settled = 0;
  const back = [];
  const clients = await Promise.all(Array.from({ length: 3 }, () => Child.start('client', { HOST: name })));
  let host = await Child.start('host', { HOST: name });
  await Promise.all(clients.map((client) => client.ask('burden')));
  for (let i = 0; i < count; i++) {
    await host.ask('emit', 2);
    await pause(30 + Math.random() * 50);
    const before = await Promise.all(clients.map((client) => client.ask('seen')));
    await host.kill();
    const began = performance.now();
    for (const [at, client] of clients.entries()) {
      // The 20 that hang, at least, must fail.
      const ok = await eventually(async () => (i > 0 ? (await client.ask('seen')).failed > before[at].failed : (await client.ask('seen')).failed >= before[at].failed + 20), 10_000);
      if (!ok) unsettled++;
    }
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
    back.push(performance.now() - began);
  }
  for (const client of clients) {
    if (!client.isRunning) uncaught++;
    else settled += (await client.ask('seen')).failed;
  }
  figures.figure('hostsKilled', count);
  figures.zero('callsNotSettled', unsettled);
  figures.zero('notPluggedInAgain', notBack);
  figures.zero('clientsLost', uncaught, clients.map(({ stderr }) => stderr).join(' '));
  figures.figure('callsFailedInOrder', settled);
  figures.figure('backP50ms', rounded(percentile(back, 0.5), 0));
  await Promise.all(clients.map((client) => client.kill()));
  await host.kill();
}

await prove('kill', async ({ short, figures }) => {
  const detection = await killClients(short ? 24 : 300, figures);
  await killHosts(short ? 3 : 50, figures);
  // On a machine that is busy with others, most tell more than the slowest.
  figures.atMost('detectionP95ms', percentile(detection, 0.95), short ? 500 : 50);
});
