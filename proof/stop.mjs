// npm run proof:stop: stopped clients are found in time, and busy ones are not taken for stopped.
import { setTimeout as pause } from 'node:timers/promises';
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { host } from 'dynobot';
import { Child, freshName, rounded } from './lib/process.mjs';
import { prove } from './lib/proof.mjs';

/** Clients on their own ways to a host: by its name, or over IPC. Returns what has been found of them, and when. */
async function clientsOn(way, count, within) {
  const name = freshName();
  const hosted = await host({ work: { echo: (value) => value } }, { name, limits: { heartbeat: within } });
  const found = new Map();
  hosted.on('disconnect', ({ session, reason }) => found.set(session.pid, { reason: reason?.code, at: performance.now() }));
  const clients = [];
  for (let i = 0; i < count; i++) {
    if (way === 'unix') {
      const client = await Child.start('client', { HOST: name, OPTIONS: { reconnect: false } });
      await client.ask('plug');
      clients.push({ pid: client.pid, signal: (signal) => client.signal(signal), block: (ms) => client.ask('block', ms), end: () => client.kill() });
    } else {
      const child = fork(fileURLToPath(new URL('./processes/ipc-client.mjs', import.meta.url)), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
      hosted.attach(child);
      await new Promise((resolve) => hosted.once('connect', resolve));
      clients.push({ pid: child.pid, signal: (signal) => child.kill(signal), block: (ms) => child.send({ block: ms }), end: () => child.kill('SIGKILL') });
    }
  }
  return { hosted, found, clients, end: async () => {
    for (const client of clients) client.end();
    await hosted.close({ deadline: 0 });
  } };
}

await prove('stop', async ({ short, random, figures }) => {
  const within = short ? 2_000 : 4_000;
  const each = short ? 3 : 10;
  const times = [];
  let notFound = 0;
  let mistaken = 0;
  for (const way of ['unix', 'ipc']) {
    const stopped = await clientsOn(way, each, within);
    const at = new Map();
    for (const client of stopped.clients) {
      await pause(random.integer(0, within / 8));
      client.signal('SIGSTOP');
      at.set(client.pid, performance.now());
    }
    await pause(within * 1.6);
    for (const { pid } of stopped.clients) {
      const one = stopped.found.get(pid);
      if (one?.reason === 'ERR_DYNOBOT_LIMIT_HEARTBEAT') times.push(one.at - at.get(pid));
      else notFound++;
    }
    for (const client of stopped.clients) client.signal('SIGCONT');
    await stopped.end();

    const busy = await clientsOn(way, each, within);
    for (let round = 0; round < 2; round++) {
      for (const client of busy.clients) {
        await pause(random.integer(0, within / 16));
        client.block(within / 2);
      }
      await pause(within);
    }
    mistaken += busy.found.size;
    await busy.end();
  }
  const early = times.filter((time) => time < within * 0.75).length;
  const late = times.filter((time) => time > within * 1.25).length;
  figures.figure('withinMs', within);
  figures.figure('stopped', each * 2);
  figures.zero('notFound', notFound);
  figures.zero('foundTooEarly', early, times.map((time) => rounded(time, 0)).join(' '));
  figures.zero('foundTooLate', late, times.map((time) => rounded(time, 0)).join(' '));
  figures.figure('foundMinMs', rounded(Math.min(...times), 0));
  figures.figure('foundMaxMs', rounded(Math.max(...times), 0));
  figures.figure('busy', each * 2);
  figures.zero('busyMistaken', mistaken);
});
