// Answers the requests of a soak, in a process that may be killed at any moment.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect } from '../../../dist/index.js';
import { Peak, settledMemory } from '../lib/memory.mjs';
import { answer } from '../lib/process.mjs';

const CHUNK = Buffer.alloc(64 * 1024, 'x');
const PID = { 'X-Pid': String(process.pid) };

const routes = {
  hello: (_size, _request, response) => response.writeHead(200, PID).end('hello world'),
  async echo(_size, request, response) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    response.writeHead(200, PID).end(Buffer.concat(chunks));
  },
  async hash(_size, request, response) {
    const hash = createHash('sha1');
    for await (const chunk of request) hash.update(chunk);
    response.writeHead(200, PID).end(hash.digest('hex'));
  },
  async count(_size, request, response) {
    let size = 0;
    request.on('data', (chunk) => { size += chunk.length; });
    await once(request, 'end');
    response.writeHead(200, PID).end(String(size));
  },
  /** With a length, or in chunks. */
  async down(size, request, response) {
    response.writeHead(200, request.url.includes('chunked') ? PID : { ...PID, 'Content-Length': size });
    for (let left = size; left > 0; left -= CHUNK.length) {
      if (!response.write(left < CHUNK.length ? CHUNK.subarray(0, left) : CHUNK)) await Promise.race([once(response, 'drain'), once(response, 'close')]);
      if (response.destroyed) return;
    }
    response.end();
  },
  slow: (milliseconds, _request, response) => setTimeout(() => response.writeHead(200, PID).end('slowly'), milliseconds),
  /** A line now and then: its answer has begun when the process is killed. */
  lines(count, _request, response) {
    response.writeHead(200, PID);
    const next = (line) => {
      response.write(`line ${line}\n`);
      if (line === count) response.end();
      else setTimeout(next, 10, line + 1);
    };
    next(1);
  },
};

const [name, role] = process.argv.slice(2);
const connection = await connect(name, role === undefined ? {} : { role });
connection.services.web.on('request', (request, response) => {
  const [, route, size] = request.url.split(/[/?]/);
  // A client that has gone makes its request throw while it is read.
  Promise.resolve(routes[route](Number(size), request, response)).catch(() => response.destroy());
});
if (role !== undefined) await connection.ready();
else await connection.inspect();
connection.on('close', () => process.exit());
const peak = new Peak();

answer({
  memory: settledMemory,
  tables: () => connection.tables,
  processor: () => process.cpuUsage(),
  peakStart: () => peak.start(),
  peakStop: () => peak.stop(),
});
