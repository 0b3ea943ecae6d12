// A process that has just begun: what HTTP takes is there when its first message comes, and when it sends its first.
import { createServer } from 'node:http';
import { Socket, type AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { host, type Host } from '../../src/index.js';
import { builtClient } from './built-client.js';

const server = createServer();
let hosting: Host;
let port: number;

const door = {
  /** Answers with what a request of this moment is answered. */
  async knock(): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${port}/knock`);
    return `${response.status} ${await response.text()}`;
  },
  portOf: (socket: Socket): number | false => socket instanceof Socket && socket.remotePort!,
};

beforeEach(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  port = (server.address() as AddressInfo).port;
  hosting = await host({ web: server, door }, { name: `first-message-${process.pid}` });
});

afterEach(async () => {
  await expect.poll(() => hosting.inspect().sessions).toEqual([]);
  await hosting.close();
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

it('the first message that comes is a request', async () => {
  const program = "services.web.on('request', (req, res) => res.end(`${req.method} ${req.url} over ${req.socket instanceof net.Socket}`)); console.log(await services.door.knock());";
  expect(await builtClient(hosting.name, program)).toBe('200 GET /knock over true');
});

it('the first message that goes has a socket', async () => {
  const program = `
    const socket = net.connect(${port}, '127.0.0.1');
    await new Promise((connected) => socket.once('connect', connected));
    console.log(await services.door.portOf(socket));
    socket.destroy();
  `;
  expect(await builtClient(hosting.name, program)).toBe(String(port));
});
