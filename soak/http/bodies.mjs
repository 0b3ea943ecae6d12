// npm run soak:http:bodies: a body of a gigabyte up, and one down, each with a slow reader at first: neither process may grow by
// more than 100 MiB.
import { once } from 'node:events';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { options } from './lib/options.mjs';
import { Process } from './lib/process.mjs';

const MIB = 1024 * 1024;
const MOST = 100;
const CHUNK = Buffer.alloc(64 * 1024, 'x');

const { mib, json } = options({ mib: 1024 });
const name = `soak-bodies-${process.pid}`;

function* chunks(size) {
  for (let left = size; left > 0; left -= CHUNK.length) yield left < CHUNK.length ? CHUNK.subarray(0, left) : CHUNK;
}

async function up(port) {
  const sent = request({ port, host: '127.0.0.1', path: '/count/0', method: 'PUT', headers: { 'Content-Length': mib * MIB } });
  const answered = once(sent, 'response');
  await pipeline(Readable.from(chunks(mib * MIB)), sent);
  const [response] = await answered;
  let text = '';
  for await (const chunk of response) text += chunk;
  return Number(text);
}

async function down(port) {
  const [response] = await once(request({ port, host: '127.0.0.1', path: `/down/${mib * MIB}` }).end(), 'response');
  // A client that does not read for a while: what is written for it must wait in nobody's memory.
  await pause(1000);
  let size = 0;
  for await (const chunk of response) size += chunk.length;
  return size;
}

async function measure(what, processes, run) {
  const before = await Promise.all(processes.map((process) => process.ask('memory')));
  for (const process of processes) await process.ask('peakStart');
  const began = performance.now();
  const size = await run();
  const seconds = (performance.now() - began) / 1000;
  const peaks = await Promise.all(processes.map((process) => process.ask('peakStop')));
  const [host, handler] = peaks.map((peak, i) => Math.round((peak - before[i].rss) / MIB));
  return { what, whole: size === mib * MIB, mib, seconds: Number(seconds.toFixed(1)), host, handler };
}

const host = await Process.start('host', name);
const handler = await Process.start('handler', name);
try {
  const port = await host.ask('port');
  // What a process needs to work at all is not what a body costs it.
  await request({ port, host: '127.0.0.1', path: '/hello/0' }).end();
  const results = [await measure('up', [host, handler], () => up(port)), await measure('down', [host, handler], () => down(port))];
  for (const result of results) console.log(json ? JSON.stringify(result) : `${result.what}: ${result.mib} MiB in ${result.seconds} s; the host grew by ${result.host} MiB, the handler by ${result.handler} MiB`);
  if (results.some(({ whole, host: most, handler: other }) => !whole || Math.max(most, other) > MOST)) process.exitCode = 1;
} finally {
  await handler.kill();
  await host.kill();
}
