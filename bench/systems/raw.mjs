// The floor of floors: the same bytes over the same wire, coalesced, with nothing encoded or decoded.
import { coalescedFrames, frames, header } from '../lib/frames.mjs';
import { coalesced, lines } from '../lib/lines.mjs';
import { eventNumber } from '../lib/service.mjs';
import { dial, dialStreams, listen, listenStreams } from '../wires/index.mjs';

const EVENT = `{"e":${JSON.stringify(eventNumber(123_456))}}`;
const CALL = '{"i":123456,"m":"add","a":[123456,1]}\n';
const REPLY = '{"i":123456,"r":123457}\n';
const LISTEN = 'listen';

export async function serve(endpoint, service) {
  if (endpoint.workload === 'W4') return serveBytes(endpoint, service);
  const listening = new Set();
  service.on('event', () => {
    for (const send of listening) send(`${EVENT}\n`);
  });
  await listen(endpoint, (wire) => {
    const send = coalesced(wire.write);
    wire.onClose(() => listening.delete(send));
    wire.read(lines((line) => {
      if (line === LISTEN) listening.add(send);
      send(REPLY);
    }));
  });
}

/** Buffers as they are: between threads as messages, over streams with their length before them. */
async function serveBytes(endpoint, service) {
  if (endpoint.transport === 'worker') return listen(endpoint, (wire) => wire.read((bytes) => wire.write(service.echo(bytes))));
  await listenStreams(endpoint, ({ readable, writable }) => {
    const send = coalescedFrames(writable);
    readable.on('error', () => readable.destroy());
    readable.on('data', frames((bytes, start, end) => {
      send(header(end - start));
      send(service.echo(bytes.subarray(start, end)));
    }));
  });
}

export async function connect(endpoint) {
  if (endpoint.workload === 'W4') return { echoBuffer: await echoBytes(endpoint) };
  const wire = await dial(endpoint);
  const send = coalesced(wire.write);
  const waiting = [];
  let first = 0;
  let handler;
  wire.read(lines((line) => {
    if (line.length === EVENT.length) return handler();
    waiting[first++]();
    if (first > 4096) {
      waiting.splice(0, first);
      first = 0;
    }
  }));
  const call = (line) => {
    send(line);
    return new Promise((resolve) => waiting.push(resolve));
  };
  return {
    unchecked: true,
    add: () => call(CALL),
    listen(handle) {
      handler = handle;
      return call(`${LISTEN}\n`);
    },
    close: () => wire.close(),
  };
}

async function echoBytes(endpoint) {
  let resolve;
  const answered = () => new Promise((done) => { resolve = done; });
  if (endpoint.transport === 'worker') {
    const wire = await dial(endpoint);
    wire.read((bytes) => resolve(bytes));
    return (buffer) => {
      wire.write(buffer);
      return answered();
    };
  }
  const { readable, writable } = await dialStreams(endpoint);
  const send = coalescedFrames(writable);
  readable.on('data', frames((bytes, start, end) => resolve(bytes.subarray(start, end))));
  return (buffer) => {
    send(header(buffer.length));
    send(buffer);
    return answered();
  };
}
