// The floor for bytes and large objects: as hand JSON, with msgpackr's records in length-prefixed frames.
import { Packr, RESERVE_START_SPACE, Unpackr } from 'msgpackr';
import { coalescedFrames, frames } from '../lib/frames.mjs';
import { dialSocket, listenSockets } from '../wires/unix.mjs';

const REPLY = 0;
const EVENT = 1;

function link(socket, receive) {
  const packr = new Packr({ sequential: true });
  const unpackr = new Unpackr({ sequential: true, structures: [] });
  const send = coalescedFrames(socket);
  socket.on('error', () => socket.destroy());
  socket.on('data', frames((bytes, start, end) => receive(unpackr.unpack(bytes, { start, end }))));
  return (message) => {
    const buffer = packr.pack(message, RESERVE_START_SPACE + 4);
    buffer.writeUInt32LE(buffer.length - 4);
    send(buffer);
  };
}

export async function serve(endpoint, service) {
  const listening = new Set();
  service.on('event', (event) => {
    for (const send of listening) send([EVENT, event]);
  });
  await listenSockets(endpoint.path, (socket) => {
    const callback = (id) => (...args) => send([EVENT + 1 + id, args]);
    const methods = {
      add: (a, b) => service.add(a, b),
      echo: (value) => service.echo(value),
      take: (id) => service.take(callback(id)),
      keep: (id) => service.keep(callback(id)),
      listen: () => void listening.add(send),
    };
    socket.on('close', () => listening.delete(send));
    const send = link(socket, ([id, method, args]) => send([REPLY, id, methods[method](...args)]));
  });
}

export async function connect(endpoint) {
  const socket = await dialSocket(endpoint.path);
  const pending = new Map();
  const callbacks = new Map();
  let last = 0;
  let handler;
  const send = link(socket, (message) => {
    if (message[0] === EVENT) return handler(message[1]);
    if (message[0] !== REPLY) return callbacks.get(message[0] - EVENT - 1)(...message[1]);
    const resolve = pending.get(message[1]);
    pending.delete(message[1]);
    resolve(message[2]);
  });
  const call = (method, args) => {
    const id = ++last;
    send([id, method, args]);
    return new Promise((resolve) => pending.set(id, resolve));
  };
  const exported = (callback) => {
    const id = ++last;
    callbacks.set(id, callback);
    return id;
  };
  return {
    add: (a, b) => call('add', [a, b]),
    echo: (value) => call('echo', [value]),
    echoBuffer: (buffer) => call('echo', [buffer]),
    take(callback) {
      const id = exported(callback);
      return call('take', [id]).then(() => callbacks.delete(id));
    },
    keep: (callback) => call('keep', [exported(callback)]),
    listen(handle) {
      handler = handle;
      return call('listen', []);
    },
    close: () => socket.destroy(),
  };
}
