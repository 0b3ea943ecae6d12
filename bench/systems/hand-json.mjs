// The floor: what one writes by hand in an hour. Ids, JSON lines, one write a turn; no references, no identity, nothing.
import { coalesced, lines } from '../lib/lines.mjs';
import { dial, listen } from '../wires/index.mjs';

export async function serve(endpoint, service) {
  const listening = new Set();
  service.on('event', (event) => {
    const line = `{"e":${JSON.stringify(event)}}\n`;
    for (const send of listening) send(line);
  });
  await listen(endpoint, (wire) => {
    const send = coalesced(wire.write);
    const callback = (id) => (...args) => send(`{"c":${id},"a":${JSON.stringify(args)}}\n`);
    const methods = {
      add: ([a, b]) => service.add(a, b),
      echo: ([value]) => service.echo(value),
      echoBuffer: ([text]) => service.echo(Buffer.from(text, 'base64')).toString('base64'),
      take: ([id]) => service.take(callback(id)),
      keep: ([id]) => service.keep(callback(id)),
      listen: () => void listening.add(send),
    };
    wire.onClose(() => listening.delete(send));
    wire.read(lines((line) => {
      const { i, m, a } = JSON.parse(line);
      send(`{"i":${i},"r":${JSON.stringify(methods[m](a) ?? null)}}\n`);
    }));
  });
}

export async function connect(endpoint) {
  const wire = await dial(endpoint);
  const send = coalesced(wire.write);
  const pending = new Map();
  const callbacks = new Map();
  let last = 0;
  let handler;
  wire.read(lines((line) => {
    const message = JSON.parse(line);
    if (message.e !== undefined) return handler(message.e);
    if (message.c !== undefined) return callbacks.get(message.c)(...message.a);
    const resolve = pending.get(message.i);
    pending.delete(message.i);
    resolve(message.r);
  }));
  const call = (method, args) => {
    const id = ++last;
    send(`{"i":${id},"m":"${method}","a":${JSON.stringify(args)}}\n`);
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
    echoBuffer: async (buffer) => Buffer.from(await call('echoBuffer', [buffer.toString('base64')]), 'base64'),
    // One knows that the host does not keep this one: its answer is its release.
    take(callback) {
      const id = exported(callback);
      return call('take', [id]).then(() => callbacks.delete(id));
    },
    keep: (callback) => call('keep', [exported(callback)]),
    listen(handle) {
      handler = handle;
      return call('listen', []);
    },
    close: () => wire.close(),
  };
}
