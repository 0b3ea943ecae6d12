import { RPCChannel } from 'kkrpc';
import { coalesced } from '../lib/lines.mjs';
import { dial, listen } from '../wires/index.mjs';

/** Its interface to a stream, without the loss of chunks that arrive between two reads of its own one. */
function io(wire) {
  const arrived = [];
  const write = coalesced(wire.write);
  let waiting;
  wire.read((chunk) => {
    if (waiting === undefined) return void arrived.push(chunk);
    const resolve = waiting;
    waiting = undefined;
    resolve(chunk);
  });
  return {
    name: 'wire',
    read: () => (arrived.length > 0 ? Promise.resolve(arrived.shift()) : new Promise((resolve) => { waiting = resolve; })),
    write: (data) => Promise.resolve(write(data)),
  };
}

const OPTIONS = { serialization: { version: 'json' } };

export const serve = (endpoint, service) => listen(endpoint, (wire) => void new RPCChannel(io(wire), {
  ...OPTIONS,
  expose: {
    add: (a, b) => service.add(a, b),
    echo: (value) => service.echo(value),
    take: (callback) => service.take(callback),
    keep: (callback) => service.keep(callback),
    listen: (callback) => void service.on('event', callback),
  },
}));

export async function connect(endpoint) {
  const wire = await dial(endpoint);
  const { add, echo, take, keep, listen: attach } = new RPCChannel(io(wire), OPTIONS).getAPI();
  return {
    add,
    echo,
    // A Buffer turns itself into an object of numbers before kkrpc sees it; a plain Uint8Array does not.
    echoBuffer: (buffer) => echo(new Uint8Array(buffer)),
    take,
    keep,
    listen: attach,
    close: () => wire.close(),
  };
}
