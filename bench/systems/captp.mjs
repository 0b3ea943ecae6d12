import 'ses';
import '@endo/eventual-send/shim.js';
import { E, Far, makeCapTP } from '@endo/captp';
import { coalesced, lines } from '../lib/lines.mjs';
import { dial, listen } from '../wires/index.mjs';

function captp(wire, name, bootstrap) {
  const write = coalesced(wire.write);
  const peer = makeCapTP(name, (message) => write(`${JSON.stringify(message)}\n`), bootstrap);
  wire.read(lines((line) => peer.dispatch(JSON.parse(line))));
  return peer;
}

/** A function cannot be marked twice, and must bring no prototype. */
const remotable = (callback) => Far('callback', (...args) => callback(...args));

export const serve = (endpoint, service) => listen(endpoint, (wire) => void captp(wire, 'host', Far('bench', {
  add: (a, b) => service.add(a, b),
  echo: (value) => service.echo(value),
  take: (callback) => service.take(callback),
  keep: (callback) => service.keep(callback),
  listen: (callback) => void service.on('event', (event) => void E.sendOnly(callback)(event)),
})));

export async function connect(endpoint) {
  const wire = await dial(endpoint);
  const remote = await captp(wire, 'client').getBootstrap();
  return {
    add: (a, b) => E(remote).add(a, b),
    echo: (value) => E(remote).echo(value),
    take: (callback) => E(remote).take(remotable(callback)),
    keep: (callback) => E(remote).keep(remotable(callback)),
    listen: (handler) => E(remote).listen(remotable(handler)),
    close: () => wire.close(),
  };
}
