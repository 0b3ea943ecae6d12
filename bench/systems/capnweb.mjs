import { RpcSession, RpcTarget } from 'capnweb';
import { coalesced, lines } from '../lib/lines.mjs';
import { dial, listen } from '../wires/index.mjs';

const LIMITS = { limits: { maxMessageSize: 1 << 26 } };

/** Its transport, over lines. */
function transport(wire) {
  const arrived = [];
  let waiting;
  wire.read(lines((line) => {
    if (waiting === undefined) return void arrived.push(line);
    const resolve = waiting;
    waiting = undefined;
    resolve(line);
  }));
  const write = coalesced(wire.write);
  return {
    send: (message) => write(`${message}\n`),
    receive: () => (arrived.length > 0 ? Promise.resolve(arrived.shift()) : new Promise((resolve) => { waiting = resolve; })),
    abort: () => wire.close(),
  };
}

/** A stub that came as an argument is disposed when the call returns: who keeps it, duplicates it. */
class Target extends RpcTarget {
  #service;

  constructor(service) {
    super();
    this.#service = service;
  }

  add(a, b) {
    return this.#service.add(a, b);
  }

  echo(value) {
    return this.#service.echo(value);
  }

  take(callback) {
    this.#service.take(callback);
  }

  keep(callback) {
    this.#service.keep(callback.dup());
  }

  listen(callback) {
    const handler = callback.dup();
    this.#service.on('event', (event) => handler(event)[Symbol.dispose]());
  }
}

export const serve = (endpoint, service) =>
  listen(endpoint, (wire) => void new RpcSession(transport(wire), new Target(service), LIMITS));

export async function connect(endpoint) {
  const wire = await dial(endpoint);
  const remote = new RpcSession(transport(wire), undefined, LIMITS).getRemoteMain();
  return {
    add: (a, b) => remote.add(a, b),
    echo: (value) => remote.echo(value),
    echoBuffer: (buffer) => remote.echo(buffer),
    take: (callback) => remote.take(callback),
    keep: (callback) => remote.keep(callback),
    listen: (handler) => remote.listen(handler),
    close: () => wire.close(),
  };
}
