import dnode from 'dnode';
import { coalesced } from '../lib/lines.mjs';
import { dialSocket, listenSockets } from '../wires/unix.mjs';

// `weak`, by which it would let go of callbacks, needs a native addon that no longer builds.
const OPTIONS = { weak: false };

function join(socket, peer) {
  const write = coalesced((text) => socket.write(text));
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes) => peer.write(bytes));
  peer.on('data', write);
}

export const serve = (endpoint, service) => listenSockets(endpoint.path, (socket) => join(socket, dnode({
  add: (a, b, reply) => reply(service.add(a, b)),
  echo: (value, reply) => reply(service.echo(value)),
  take: (callback, reply) => reply(service.take(callback)),
  keep: (callback, reply) => reply(service.keep(callback)),
  listen: (callback, reply) => reply(void service.on('event', callback)),
}, OPTIONS)));

export async function connect(endpoint) {
  const socket = await dialSocket(endpoint.path);
  const peer = dnode(undefined, OPTIONS);
  const methods = new Promise((resolve) => peer.on('remote', resolve));
  join(socket, peer);
  const remote = await methods;
  const call = (method) => (...args) => new Promise((resolve) => remote[method](...args, resolve));
  return {
    add: call('add'),
    echo: call('echo'),
    take: call('take'),
    keep: call('keep'),
    listen: call('listen'),
    close: () => socket.destroy(),
  };
}
