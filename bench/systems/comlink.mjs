// Comlink speaks MessagePort: this gives it ports over a socket, with msgpackr for the structured clone that it expects.
import { expose, transferHandlers, wrap } from 'comlink';
import { Packr, RESERVE_START_SPACE, Unpackr } from 'msgpackr';
import { coalescedFrames, frames } from '../lib/frames.mjs';
import { dialSocket, listenSockets } from '../wires/unix.mjs';

const EVERY = ['*'];

/** One end of one channel in a mux. Comlink closes what is a MessagePort by this name. */
class MessagePort {
  #mux;
  #id;

  constructor(mux, id) {
    this.#mux = mux;
    this.#id = id;
  }

  postMessage(data) {
    this.#mux.post(this.#id, data);
  }

  addEventListener(_type, handle) {
    this.#mux.handlers.set(this.#id, handle);
  }

  removeEventListener() {
    this.close();
  }

  close() {
    this.#mux.handlers.delete(this.#id);
  }
}

/** Many channels over one socket. A function sent opens one; even ids are opened by one side, odd ones by the other. */
class Mux {
  handlers = new Map();
  #next;
  #packr = new Packr({ sequential: true });
  #send;

  constructor(socket, first) {
    this.#next = first;
    this.#send = coalescedFrames(socket);
    const unpackr = new Unpackr({ sequential: true, structures: [] });
    socket.on('error', () => socket.destroy());
    socket.on('data', frames((bytes, start, end) => this.#receive(unpackr.unpack(bytes, { start, end }))));
  }

  port(id = (this.#next += 2)) {
    return new MessagePort(this, id);
  }

  /** Opens a channel for a function, and gives its id. */
  offer(value) {
    const port = this.port();
    expose(value, port, EVERY);
    return this.#next;
  }

  post(id, data) {
    current.mux = this;
    const buffer = this.#packr.pack([id, data], RESERVE_START_SPACE + 4);
    buffer.writeUInt32LE(buffer.length - 4);
    this.#send(buffer);
  }

  #receive([id, data]) {
    current.mux = this;
    this.handlers.get(id)?.({ data, origin: '' });
  }
}

// Its handlers are global, not of a connection: the last one used is the one meant, since a value crosses in one turn.
const current = { mux: undefined };
transferHandlers.set('proxy', {
  canHandle: (value) => typeof value === 'function',
  serialize: (value) => [current.mux.offer(value), []],
  deserialize: (id) => wrap(current.mux.port(id)),
});

export const serve = (endpoint, service) => listenSockets(endpoint.path, (socket) => {
  const mux = new Mux(socket, 1);
  expose({
    add: (a, b) => service.add(a, b),
    echo: (value) => service.echo(value),
    take: (callback) => service.take(callback),
    keep: (callback) => service.keep(callback),
    listen: (callback) => void service.on('event', (event) => {
      current.mux = mux;
      void callback(event);
    }),
  }, mux.port(0), EVERY);
});

export async function connect(endpoint) {
  const socket = await dialSocket(endpoint.path);
  const mux = new Mux(socket, 2);
  const remote = wrap(mux.port(0));
  const { add, echo, take, keep, listen } = remote;
  const using = (method) => (...args) => {
    current.mux = mux;
    return method(...args);
  };
  return {
    add: using(add),
    echo: using(echo),
    echoBuffer: using(echo),
    take: using(take),
    keep: using(keep),
    listen: using(listen),
    close: () => socket.destroy(),
  };
}
