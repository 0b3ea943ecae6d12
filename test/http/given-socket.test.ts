// A client gives a socket of its own to the host, which reads and writes it as if it were its own.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { host, type Host } from '../../src/index.js';

const DYNOBOT = new URL('../../dist/index.js', import.meta.url).href;
let far: Server;
let hosting: Host;
let hasClosed: () => void;
let closed: Promise<void>;

const door = {
  /** Reads when the socket itself is no more, but for what it has brought. */
  async readLate(socket: Socket): Promise<string> {
    socket.on('readable', () => {});
    await closed;
    return text(socket);
  },
  read: (socket: Socket) => text(socket),
  closed: () => hasClosed(),
};

beforeEach(async () => {
  closed = new Promise((resolve) => (hasClosed = resolve));
  far = createServer((socket) => socket.end('from the other end')).listen(0, '127.0.0.1');
  await once(far, 'listening');
  hosting = await host({ door }, { name: `given-socket-${process.pid}` });
});

afterEach(async () => {
  await expect.poll(() => hosting.inspect().sessions).toEqual([]);
  await hosting.close();
  await new Promise((done) => far.close(done));
});

async function client(program: string): Promise<string> {
  const start = `
    import { connect } from ${JSON.stringify(DYNOBOT)};
    import net from 'node:net';
    const connection = await connect(${JSON.stringify(hosting.name)});
    const { door } = connection.services;
    const dial = () => net.connect(${(far.address() as AddressInfo).port}, '127.0.0.1');
    ${program}
    await connection.close();
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', start], { timeout: 20_000 });
  return stdout.trim();
}

it('what it has received is there to be read when its other end has gone', async () => {
  const program = 'const socket = dial(); socket.once("close", () => door.closed()); console.log(await door.readLate(socket));';
  expect(await client(program)).toBe('from the other end');
});

it('forty of them, each of which ends at once, are read whole', async () => {
  const program = 'const all = await Promise.all(Array.from({ length: 40 }, () => door.read(dial()))); console.log(all.filter((one) => one === "from the other end").length);';
  expect(await client(program)).toBe('40');
});
