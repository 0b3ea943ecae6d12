// npm run proof:limits: every limit at it, one over it, and set otherwise; and what attacks cost the host in memory.
import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, LIMITS, snapshot } from 'dynobot';
import { Child, eventually, freshName, peakMemory, rounded } from './lib/process.mjs';
import { prove } from './lib/proof.mjs';
import { ByHand } from './lib/wire.mjs';

EventEmitter.defaultMaxListeners = 0;

const codeOf = (promise) => Promise.resolve(promise).then(() => 'fine', (error) => error?.code ?? String(error));
const nested = (depth) => {
  let value = [];
  for (let i = 1; i < depth; i++) value = [value];
  return value;
};

const times = (count, make) => Array.from({ length: count }, (_, i) => make(i));
const all = (promises) => codeOf(Promise.all(promises));

/** What a peer that speaks by hand has come to: `FINE` if its session still works. */
async function byHand(name, act, host) {
  const peer = await ByHand.greeted(name, 'tried');
  await act(peer);
  peer.say([1, 999_999, peer.ids.work, 1, 'echo', ['alive'], 0]);
  const alive = await Promise.race([peer.hears(([verb, call]) => verb === 2 && call === 999_999), pause(5_000)]);
  peer.socket.destroy();
  if (alive !== undefined) return FINE;
  let reasons = [];
  await eventually(async () => (reasons = [...reasons, ...(await host.ask('ended'))]).some(({ client }) => client === 'tried'), 5_000);
  return reasons.find(({ client }) => client === 'tried')?.reason ?? 'it just ended';
}

const FINE = 'fine';
const SHAPE = { parent: 0, name: 'C', base: '', methods: ['m'], accessors: [], listening: [], iterable: false };

/**
 * Each limit: the value for the try, and what is tried: `at` the limit it must be fine, `over` it by one it must come to
 * `code`. With the default instead it must be fine, too. `client`: the client has the limit as well.
 */
const CASES = {
  frame: { of: 10_000, code: 'ERR_DYNOBOT_LIMIT_FRAME', client: true, at: ({ work }) => codeOf(work.echo('x'.repeat(9_900))), over: ({ work }) => codeOf(work.echo('x'.repeat(10_001))) },
  depth: { of: 30, code: 'ERR_DYNOBOT_LIMIT_DEPTH', client: true, at: ({ work }) => codeOf(work.echo(nested(30))), over: ({ work }) => codeOf(work.echo(nested(31))) },
  elements: { of: 500, code: 'ERR_DYNOBOT_LIMIT_ELEMENTS', client: true, at: ({ work }) => codeOf(work.echo(Array(499).fill(1))), over: ({ work }) => codeOf(work.echo(Array(500).fill(1))) },
  // Those of the services are among them.
  references: { of: 60, code: 'ERR_DYNOBOT_LIMIT_REFERENCES', at: ({ work, services }) => codeOf(work.things(60 - services)), over: ({ work, services }) => codeOf(work.things(61 - services)) },
  calls: { of: 10, code: 'ERR_DYNOBOT_LIMIT_CALLS', at: ({ work }) => all(times(10, () => work.slow(50))), over: ({ work }) => all(times(11, () => work.slow(50))) },
  callsPerSecond: { of: 200, code: 'ERR_DYNOBOT_LIMIT_RATE', at: ({ work }) => all(times(200, () => work.echo(1))), over: ({ work }) => all(times(201, () => work.echo(1))) },
  listeners: { of: 20, code: 'ERR_DYNOBOT_LIMIT_LISTENERS', at: (it) => attach(it, 20), over: (it) => attach(it, 21) },
  queue: { of: 1_000_000, code: 'ERR_DYNOBOT_LIMIT_QUEUE', at: ({ name, host }) => byHand(name, (peer) => leaveUnread(peer, 9), host), over: ({ name, host }) => byHand(name, (peer) => leaveUnread(peer, 60), host) },
  shapes: { of: 30, code: 'ERR_DYNOBOT_LIMIT_SHAPES', at: ({ name, host }) => byHand(name, (peer) => peer.say(...times(30, (i) => [7, i + 1, SHAPE])), host), over: ({ name, host }) => byHand(name, (peer) => peer.say(...times(31, (i) => [7, i + 1, SHAPE])), host) },
  handshake: { of: 800, code: 'ERR_DYNOBOT_LIMIT_HANDSHAKE', at: (it) => greetAfter(it, 200), over: (it) => greetAfter(it, 1_300) },
  heartbeat: { of: 1_000, code: 'ERR_DYNOBOT_LIMIT_HEARTBEAT', at: ({ name, host }) => byHand(name, () => pause(500), host), over: ({ name, host }) => byHand(name, () => pause(1_600), host) },
  roles: { of: 3, code: 'ERR_DYNOBOT_LIMIT', at: ({ name }) => takeRoles(name, 3), over: ({ name }) => takeRoles(name, 4) },
  newcomer: { of: 50, code: 'ERR_DYNOBOT_LIMIT', at: (it) => bring(it, 49), over: (it) => bring(it, 50) },
  snapshotProperties: { of: 10, code: 'read anew', at: ({ work }) => brings(work.wide(10), 'p9', 9), over: ({ work }) => brings(work.wide(11), 'p10', 10) },
  snapshotString: { of: 100, code: 'read anew', at: ({ work }) => brings(work.long(100), 'text', 'x'.repeat(100)), over: ({ work }) => brings(work.long(101), 'text', 'x'.repeat(101)) },
};

async function attach({ connection, work, emitter, host }, count) {
  const told = new Promise((resolve) => connection.once('error', (error) => resolve(error.code)));
  for (let i = 0; i < count; i++) emitter.on('x', () => {});
  await work.echo(0);
  const { attached } = await host.ask('report');
  return attached === count ? FINE : told;
}

/** Has so many answers of 100 kB sent to it, and reads them only later. */
async function leaveUnread(peer, count) {
  peer.socket.pause();
  for (let call = 1; call <= count && !peer.socket.destroyed; call++) {
    peer.say([1, call, peer.ids.work, 1, 'echo', ['x'.repeat(100_000)], 0]);
    await pause(10);
  }
  peer.socket.resume();
}

async function greetAfter({ name, host }, ms) {
  const peer = await ByHand.connect(name);
  const ended = Promise.race([peer.ended(), pause(ms + 500, FINE)]);
  await pause(ms);
  peer.say([0, 'dynobot', 1, { name: 'late', pid: 1, services: 0 }]);
  const code = await ended;
  peer.socket.destroy();
  await eventually(async () => !(await host.ask('report')).clients.includes('late'));
  return code;
}

async function takeRoles(name, count) {
  const connections = [];
  let code = FINE;
  for (let i = 0; i < count; i++) {
    const connection = await connect(name, { reconnect: false, role: `role ${i}` }).catch((error) => void (code = error.code));
    if (connection === undefined) continue;
    const closed = new Promise((resolve) => connection.once('close', (reason) => resolve(reason?.code)));
    connection.on('error', () => {});
    connections.push(connection);
    await connection.ready().catch(async () => (code = await closed));
  }
  for (const connection of connections) await connection.close();
  return code;
}

/** Whether what a new emitter emits at once, so many events and one more, is kept until this client listens to it. */
async function bring({ work, emitter, host }, count) {
  const heard = new Promise((resolve) => emitter.once('brought', (brought) => {
    let own = 0;
    brought.on('own', () => own++);
    brought.on('last', () => resolve(own === count ? FINE : `it heard ${own}`));
  }));
  const told = eventually(async () => (await host.ask('errors')).some((text) => text.includes('limits.newcomer')), 1_500).then((so) => (so ? 'ERR_DYNOBOT_LIMIT' : 'nothing'));
  await work.bring(count);
  return Promise.race([heard, told]);
}

/** Whether the property came with the reference. It must be readable in either case. */
async function brings(asked, name, value) {
  const object = await asked;
  if ((await object[name]) !== value) return 'wrong';
  return Object.hasOwn(snapshot(object), name) ? FINE : 'read anew';
}

/** One try on a host of its own, with a neighbour that must not notice. Returns what was wrong. */
async function tryOut(title, limits, of, expected, { code, client }, act) {
  const name = freshName();
  const host = await Child.start('host', { HOST: name, OPTIONS: { limits } });
  const neighbour = await connect(name, { reconnect: false });
  neighbour.on('close', () => {}).on('error', () => {});
  const connection = await connect(name, { reconnect: false, ...(client ? { limits } : {}) });
  connection.on('error', () => {}).on('close', () => {});
  const { work, emitter } = connection.services;
  const came = await Promise.resolve(act({ connection, work, emitter, host, name, services: Object.keys(connection.services).length + 1 })).catch(String);
  const wrong = [];
  if (came !== expected) wrong.push(`${title}: ${came}, and must be ${expected === FINE ? FINE : code}`);
  if ((await codeOf(neighbour.services.work.echo(1))) !== FINE) wrong.push(`${title}: the neighbour noticed`);
  await Promise.all([connection.close(), neighbour.close()]);
  await host.kill();
  return wrong;
}

/** At it, one over it, and what is one over when it is set otherwise. */
async function tryLimit([name, one]) {
  const { of, code, at, over } = one;
  return [
    ...(await tryOut(`${name} at ${of}`, { [name]: of }, of, FINE, one, at)),
    ...(await tryOut(`${name} over ${of}`, { [name]: of }, of, code, one, over)),
    ...(await tryOut(`${name} at ${LIMITS[name]} by default`, {}, of, FINE, one, over)),
  ];
}

const BRACKETS = 63 * 1024 * 1024;

/** Each attacks a fresh host; what it may cost, in MB, is the bound for all. */
const ATTACKS = {
  'a frame of brackets': (host) => send(host, (peer) => peer.raw(`${'['.repeat(BRACKETS)}\n`)),
  'a frame of empty objects': (host) => send(host, (peer) => peer.raw(`[[1,1,1,1,"echo",[${'{},'.repeat(BRACKETS / 3)}0],0]]\n`)),
  'a frame of empty arrays, escaped': (host) => send(host, (peer) => peer.raw(`[[1,1,1,1,"echo",[${'[],'.repeat(300_000)}0],1]]\n`)),
  'a frame of new names': (host) => send(host, (peer) => peer.raw(`[[1,1,${peer.ids.work},1,"echo",[{${Array.from({ length: 400_000 }, (_, i) => `"n${i}":0`).join()}}],0]]\n`)),
  'a frame that never ends': (host) => send(host, async (peer) => {
    for (let i = 0; i < 70 && !peer.socket.destroyed; i++) if (!peer.raw('x'.repeat(1024 * 1024))) await Promise.race([new Promise((resolve) => peer.socket.once('drain', resolve)), peer.closed]);
  }),
  'a million empty messages': (host) => send(host, async (peer) => {
    for (let i = 0; i < 1_000_000; i += 10_000) peer.raw('[[9]]\n'.repeat(10_000));
    await pause(2_000);
  }),
  'one byte at a time': (host) => send(host, async (peer) => {
    const text = `[[1,1,${peer.ids.work},1,"echo",["${'x'.repeat(20_000)}"],0]]\n`;
    for (const byte of text) peer.raw(byte);
    await Promise.race([peer.hears(([verb]) => verb === 2), pause(5_000)]);
  }),
  'empty attachments': (host) => send(host, async (peer) => {
    for (let i = 0; i < 30; i++) peer.raw(Buffer.alloc(500_000));
    await pause(500);
  }),
  'four hundred that never greet': async (host) => {
    const all = await Promise.all(Array.from({ length: 400 }, () => ByHand.connect(host).catch(() => undefined)));
    for (const peer of all) peer?.raw('['.repeat(50_000));
    await pause(500);
    for (const peer of all) peer?.socket.destroy();
  },
  'references that are never released': (host) => send(host, async (peer) => {
    for (let call = 1; call <= 300 && !peer.socket.destroyed; call++) peer.say([1, call, peer.ids.work, 1, 'things', [1000], 0]);
    await pause(4_000);
  }),
  'callbacks without end': (host) => send(host, async (peer) => {
    for (let i = 0; i < 200; i++) peer.say([1, 0, peer.ids.work, 1, 'keep', Array.from({ length: 1000 }, (_, at) => ['$', 'F', 10_000 + i * 1000 + at, 0, 'f']), 1]);
    await pause(3_000);
  }),
  'answers that nobody reads': (host) => send(host, async (peer) => {
    peer.socket.pause();
    const text = 'x'.repeat(100_000);
    for (let call = 1; call <= 1_000 && !peer.socket.destroyed; call++) {
      peer.say([1, call, peer.ids.work, 1, 'echo', [text], 0]);
      if (call % 20 === 0) await pause(5);
    }
    await pause(1_000);
  }),
  'calls that hang': (host) => send(host, async (peer) => {
    for (let call = 1; call <= 110_000; call += 1000) peer.say(...Array.from({ length: 1000 }, (_, at) => [1, call + at, peer.ids.work, 1, 'hang', [], 0]));
    await pause(3_000);
  }),
  'names of errors, keys of symbols': (host) => send(host, async (peer) => {
    for (let i = 0; i < 3_000; i++) peer.say([1, 0, peer.ids.work, 1, 'echo', [['$', 'Error', { classes: [`${i}${'C'.repeat(5_000)}`], base: 'Error', name: 'E', message: 'm', stack: '' }, {}], ['$', 'k', `${i}${'k'.repeat(200)}`]], 1]);
    await pause(1_000);
  }),
};

async function send(host, attack) {
  const peer = await ByHand.greeted(host);
  await attack(peer);
  await pause(300);
  peer.socket.destroy();
}

/** The host's peak while it is attacked, in MB. It must live, and serve its neighbour. */
async function attacked(attack, { short }) {
  const name = freshName();
  const host = await Child.start('host', { HOST: name });
  const neighbour = await connect(name, { reconnect: false });
  neighbour.on('close', () => {});
  await Promise.race([attack(name), pause(short ? 15_000 : 30_000)]);
  const served = await Promise.race([codeOf(neighbour.services.work.echo(1)), pause(20_000, 'late')]);
  const clean = await eventually(async () => (await host.ask('report')).sessions === 1, 5_000);
  const peak = host.isRunning ? peakMemory(host.pid) : Infinity;
  await neighbour.close();
  await host.kill();
  return { peak, fine: served === 'fine' && clean };
}

await prove('limits', async ({ short, figures }) => {
  const wrong = [];
  const cases = Object.entries(CASES);
  await Promise.all(times(3, async () => {
    for (let next = cases.shift(); next !== undefined; next = cases.shift()) wrong.push(...(await tryLimit(next)));
  }));
  figures.figure('limits', Object.keys(CASES).length);
  figures.zero('notTried', Object.keys(LIMITS).filter((name) => CASES[name] === undefined).length);
  figures.zero('wrong', wrong.length, wrong.join('; '));
  const peaks = {};
  const failed = [];
  const heavy = ['a frame of brackets', 'a frame of empty objects', 'a frame that never ends'];
  for (const [title, attack] of Object.entries(ATTACKS)) {
    if (short && heavy.slice(1).includes(title)) continue;
    const { peak, fine } = await attacked(attack, { short });
    peaks[title] = rounded(peak, 0);
    if (!fine) failed.push(title);
  }
  figures.figure('attacks', Object.keys(peaks).length);
  figures.zero('notServed', failed.length, failed.join('; '));
  figures.figure('peaksMB', peaks);
  figures.atMost('peakMB', Math.max(...Object.values(peaks)), 600, ' MB');
});
