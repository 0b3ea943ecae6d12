// A client gives a socket of its own to the host, which reads and writes it as if it were its own.
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { host, type Host } from '../../src/index.js';
import { builtClient } from './built-client.js';

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

const dial = (): string => `const dial = () => net.connect(${(far.address() as AddressInfo).port}, '127.0.0.1');`;

it('what it has received is there to be read when its other end has gone', async () => {
  const program = `${dial()} const socket = dial(); socket.once("close", () => services.door.closed()); console.log(await services.door.readLate(socket));`;
  expect(await builtClient(hosting.name, program)).toBe('from the other end');
});

it('forty of them, each of which ends at once, are read whole', async () => {
  const program = `${dial()} const all = await Promise.all(Array.from({ length: 40 }, () => services.door.read(dial()))); console.log(all.filter((one) => one === "from the other end").length);`;
  expect(await builtClient(hosting.name, program)).toBe('40');
});
