// npm run proof:stop: peers that have stopped are found in time over each transport, and busy ones are not taken for such.
import { setTimeout as pause } from 'node:timers/promises';
import { host } from 'dynobot';
import { Child, eventually, freshName, rounded } from './lib/process.mjs';
import { prove } from './lib/proof.mjs';
import { WAYS } from './lib/ways.mjs';

/** A host with so many clients on one way. `found`: which of them it has found to be gone, why and when. */
async function crewOn(way, count, within) {
  const name = freshName();
  const hosted = await host({ work: { echo: (value) => value } }, { name, limits: { heartbeat: within } });
  hosted.on('error', () => {});
  const found = new Map();
  hosted.on('disconnect', ({ session, reason }) => found.set(session.client, { reason: reason?.code, at: performance.now() }));
  const clients = [];
  for (let i = 0; i < count; i++) {
    const client = `${way} ${i}`;
    clients.push({ name: client, ...(await WAYS[way](hosted, name, client)) });
  }
  await eventually(() => hosted.inspect().sessions.filter((session) => session.client.startsWith(way)).length === count);
  return { found, clients, end: async () => {
    for (const client of clients) client.end();
    await hosted.close({ deadline: 0 });
  } };
}

/** Milliseconds after which each that was stopped was found; undefined for one that was not. */
async function findStopped(way, count, within, random) {
  const { found, clients, end } = await crewOn(way, count, within);
  const at = new Map();
  for (const client of clients) {
    await pause(random.integer(0, within / 8));
    at.set(client.name, performance.now());
    client.stop();
  }
  await eventually(() => found.size === count, within * 1.6);
  const times = clients.map(({ name }) => (found.get(name)?.reason === 'ERR_DYNOBOT_LIMIT_HEARTBEAT' ? found.get(name).at - at.get(name) : undefined));
  await end();
  return times;
}

/** How many busy ones, whose event loop stood still for half of the time, twice, were taken for stopped. */
async function mistakeBusy(way, count, within, random) {
  const { found, clients, end } = await crewOn(way, count, within);
  for (let round = 0; round < 2; round++) {
    for (const client of clients) {
      await pause(random.integer(0, within / 16));
      client.block(within / 2);
    }
    await pause(within);
  }
  const { size } = found;
  await end();
  return size;
}

/** The other way round: a host that has stopped, as its clients find it. */
async function findStoppedHost(count, within) {
  const name = freshName();
  const stopping = await Child.start('host', { HOST: name });
  const lost = [];
  const children = await Promise.all(Array.from({ length: count }, async () => {
    const child = await Child.start('client', { HOST: name, OPTIONS: { reconnect: false, limits: { heartbeat: within } } });
    await child.ask('plug');
    child.process.on('message', (message) => message?.closed && lost.push(message));
    return child;
  }));
  const at = Date.now();
  stopping.signal('SIGSTOP');
  await eventually(() => lost.length === count, within * 1.6);
  await Promise.all([stopping.kill(), ...children.map((child) => child.kill())]);
  return Array.from({ length: count }, (_, i) => (lost[i]?.closed === 'ERR_DYNOBOT_LIMIT_HEARTBEAT' ? lost[i].at - at : undefined));
}

await prove('stop', async ({ short, random, figures }) => {
  const within = short ? 2_000 : 4_000;
  const each = short ? 2 : 5;
  const times = [];
  const busy = {};
  const ranges = {};
  const note = (way, found) => {
    times.push(...found);
    const seen = found.filter((time) => time !== undefined);
    ranges[way] = `${rounded(Math.min(...seen), 0)} to ${rounded(Math.max(...seen), 0)}`;
  };
  for (const way of Object.keys(WAYS)) {
    const [found, mistaken] = await Promise.all([findStopped(way, each, within, random), mistakeBusy(way, each, within, random)]);
    note(way, found);
    busy[way] = mistaken;
  }
  note('host', await findStoppedHost(each, within));
  const found = times.filter((time) => time !== undefined);
  const shown = found.map((time) => rounded(time, 0)).join(' ');
  figures.figure('withinMs', within);
  figures.figure('stopped', times.length);
  figures.zero('notFound', times.length - found.length, JSON.stringify(ranges));
  figures.zero('foundTooEarly', found.filter((time) => time < within * 0.75).length, shown);
  figures.zero('foundTooLate', found.filter((time) => time > within * 1.25).length, shown);
  figures.figure('foundWithinMs', ranges);
  figures.figure('busy', each * Object.keys(WAYS).length);
  figures.zero('busyMistaken', Object.values(busy).reduce((sum, count) => sum + count, 0), JSON.stringify(busy));
});
