// Properties of what takes bytes and text apart, over inputs that fast-check makes and, when one fails, makes small.
import fc from 'fast-check';
import { connect, host } from 'dynobot';
import { createConnection, createServer } from 'node:net';
import { once } from 'node:events';

/** Any data that can cross. */
const data = fc.letrec((tie) => ({
  leaf: fc.oneof(fc.string({ unit: 'binary' }), fc.double(), fc.integer(), fc.bigInt(), fc.boolean(), fc.constantFrom(null, undefined), fc.date({ noInvalidDate: true }), fc.uint8Array({ maxLength: 20 })),
  value: fc.oneof({ maxDepth: 4 }, tie('leaf'), fc.array(tie('value'), { maxLength: 4 }), fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', '$', 'then', 'toJSON')), tie('value'), { maxKeys: 4 }), fc.array(tie('value'), { maxLength: 3 }).map((list) => new Set(list)), fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)), fc.array(tie('value'), { maxLength: 3 }).map((list) => ['$', ...list]))}
)).value;

/** Cut anywhere, bytes mean the same. */
async function cutting() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const hosted = await host({ echo: (value) => value });
  server.on('connection', (socket) => hosted.attach(socket));
  const sizes = { next: [1] };
  const socket = createConnection(server.address().port, '127.0.0.1');
  const write = socket.write.bind(socket);
  socket.write = (chunk, ...rest) => {
    const bytes = Buffer.from(chunk);
    const size = sizes.next[0] ?? 1;
    let at = 0;
    for (; at + size < bytes.length; at += size) write(bytes.subarray(at, at + size));
    return write(bytes.subarray(at), ...rest.filter((one) => typeof one === 'function'));
  };
  const connection = await connect(socket);
  return { sizes, connection, close: async () => {
    await connection.close();
    await hosted.close({ deadline: 0 });
    server.close();
  } };
}

export async function checkDecoder(seed, runs) {
  const { isDeepStrictEqual } = await import('node:util');
  const { sizes, connection, close } = await cutting();
  const echoes = fc.asyncProperty(data, fc.integer({ min: 1, max: 64 }), async (value, size) => {
    sizes.next = [size];
    return isDeepStrictEqual(await connection.services.echo(value), value);
  });
  const details = await fc.check(echoes, { seed, numRuns: runs, interruptAfterTimeLimit: 45_000 });
  await close();
  const failed = details.failed && !details.interrupted;
  return { runs: details.numRuns, failures: failed ? 1 : 0, first: failed ? String(details.counterexample?.map((one) => String(one))) + String(details.errorInstance ?? '') : '' };
}
