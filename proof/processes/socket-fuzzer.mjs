// Hostile bytes on real sockets: cut anywhere, cut short, with headers that lie.
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { answer } from '../lib/answer.mjs';
import { Hostile } from '../lib/hostile.mjs';
import { Random } from '../lib/random.mjs';
import { pathOf } from '../lib/wire.mjs';

const GREETING = '[[0,"dynobot",1,{"name":"bytes","pid":1,"services":0}]]\n';
const IDS = { work: 2, emitter: 3, thing: 4, account: 5, Account: 6, fn: 7, vault: 8 };

function bytesOf(hostile) {
  const { random } = hostile;
  const [, frame] = hostile.next();
  if (typeof frame === 'string') return Buffer.from(`${GREETING}${frame}\n`);
  const header = Buffer.alloc(5);
  header.writeUInt32LE(random.chance(0.5) ? frame.length : random.pick([0, 1, 2 ** 32 - 1, 2 ** 31, 999_999]), 1);
  return Buffer.concat([Buffer.from(random.chance(0.8) ? GREETING : ''), header, frame]);
}

async function send(socket, bytes, random) {
  const way = random.integer(0, 3);
  if (way === 0) for (const byte of bytes.subarray(0, 600)) socket.write(Buffer.of(byte));
  else if (way === 1) {
    const at = random.integer(0, bytes.length);
    socket.write(bytes.subarray(0, at));
    await new Promise(setImmediate);
    socket.write(bytes.subarray(at));
  } else if (way === 2) socket.write(bytes.subarray(0, random.integer(0, bytes.length)));
  else socket.write(Buffer.concat([bytes, bytes]));
}

answer({
  fuzz: async (host, seed, milliseconds) => {
    const random = new Random(seed);
    let total = 0;
    for (const end = performance.now() + milliseconds; performance.now() < end;) {
      const sockets = Promise.all(Array.from({ length: 8 }, async () => {
        const socket = createConnection(pathOf(host));
        socket.on('error', () => {});
        await Promise.race([once(socket, 'connect'), once(socket, 'close')]).catch(() => {});
        const closed = once(socket, 'close');
        socket.resume();
        total++;
        await send(socket, bytesOf(new Hostile(random, IDS)), random);
        if (random.chance(0.5)) socket.end();
        await Promise.race([closed, pause(20)]);
        socket.destroy();
      }));
      await sockets;
    }
    return total;
  },
});
