// npm run proof:limits: every limit at it, one over it, and set otherwise; and what attacks cost the host in memory.
import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { connect, LIMITS } from 'dynobot';
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

/** For each limit: its value for the try, what is at it, what is one over it, and what that must answer. */
const CASES = {
  frame: { of: 10_000, at: (work) => work.echo('x'.repeat(9_900)), over: (work) => work.echo('x'.repeat(10_001)), code: 'ERR_DYNOBOT_LIMIT_FRAME', client: true },
  depth: { of: 30, at: (work) => work.echo(nested(30)), over: (work) => work.echo(nested(31)), code: 'ERR_DYNOBOT_LIMIT_DEPTH', client: true },
  elements: { of: 500, at: (work) => work.echo(Array(499).fill(1)), over: (work) => work.echo(Array(500).fill(1)), code: 'ERR_DYNOBOT_LIMIT_ELEMENTS', client: true },
  references: { of: 60, at: (work) => work.things(40), over: (work) => work.things(61), code: 'ERR_DYNOBOT_LIMIT_REFERENCES' },
  calls: { of: 10, at: (work) => Promise.all(Array.from({ length: 10 }, () => work.slow(50))), over: (work) => Promise.all(Array.from({ length: 11 }, () => work.slow(50))), code: 'ERR_DYNOBOT_LIMIT_CALLS' },
  callsPerSecond: { of: 200, at: (work) => Promise.all(Array.from({ length: 150 }, () => work.echo(1))), over: (work) => Promise.all(Array.from({ length: 401 }, () => work.echo(1))), code: 'ERR_DYNOBOT_LIMIT_RATE' },
  listeners: { of: 20, listeners: true, code: 'ERR_DYNOBOT_LIMIT_LISTENERS' },
};

async function tryLimit(name, { of, at, over, code, client, listeners }) {
  const wrong = [];
  for (const limit of [of, LIMITS[name]]) {
    const host = await Child.start('host', { HOST: freshName() }).then((one) => one.kill()).then(() => undefined);
    void host;
    const named = freshName();
    const fresh = await Child.start('host', { HOST: named, OPTIONS: { limits: { [name]: limit } } });
    const connection = await connect(named, { reconnect: false, ...(client ? { limits: { [name]: limit } } : {}) });
    const errors = [];
    connection.on('error', (error) => errors.push(error.code)).on('close', () => {});
    const neighbour = await connect(named, { reconnect: false });
    const { work, emitter } = connection.services;
    if (listeners) {
      for (let i = 0; i <= of; i++) emitter.on('x', () => {});
      await work.echo(0);
      const { attached } = await fresh.ask('report');
      if (attached !== (limit === of ? of : of + 1)) wrong.push(`${name}: ${attached} attached at ${limit}`);
      if (limit === of && errors[0] !== code) wrong.push(`${name}: ${errors[0]}`);
    } else {
      const [atIt, overIt] = [await codeOf(at(work)), await codeOf(over(work))];
      if (atIt !== 'fine') wrong.push(`${name} at ${limit}: ${atIt}`);
      if (overIt !== (limit === of ? code : 'fine')) wrong.push(`${name} over ${of} at ${limit}: ${overIt}`);
    }
    if ((await codeOf(neighbour.services.work.echo(1))) !== 'fine') wrong.push(`${name}: the neighbour noticed`);
    await Promise.all([connection.close(), neighbour.close()]);
    await fresh.kill();
  }
  return wrong;
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
  const wrong = (await Promise.all(Object.entries(CASES).map(([name, one]) => tryLimit(name, one)))).flat();
  figures.figure('limits', Object.keys(CASES).length);
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
