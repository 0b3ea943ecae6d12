import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { HostProcess } from '../support/host-process.js';
import { TestProcess } from '../support/test-process.js';
import { attach, NAMES, type Name } from './apps/index.js';
import { cases } from './cases.js';
import { play } from './raw-client.js';

// The same requests to the same apps: in this process, and through a host with the handlers in another process.
let host: HostProcess;
let handler: TestProcess;
let hosted: Record<Name, number>;
const own = new Map<Name, Server>();

beforeAll(async () => {
  host = await HostProcess.start(new URL('fixtures/host.ts', import.meta.url));
  handler = await TestProcess.start(new URL('fixtures/handler.ts', import.meta.url), { TEST_HOST: host.name });
  hosted = await host.ask('ports');
  for (const name of NAMES) {
    const server = createServer();
    await attach(name, server);
    own.set(name, server.listen(0, '127.0.0.1'));
    await once(server, 'listening');
  }
  await eventually('listeners', () => host.ask('listeners'), NAMES.map(() => 2));
});

afterAll(async () => {
  for (const server of own.values()) server.close();
  await eventually('connections', () => host.ask('connections'), NAMES.map(() => 0));
  await handler.ask('close');
  await eventually('tables', () => handler.ask('tables'), { exports: 0, imports: 0, calls: 0, answers: 0, listeners: 0 });
  expect(await host.ask('errors')).toEqual([]);
  expect(host.stderr + handler.stderr).toBe('');
  await handler.stop();
  await host.stop();
});

/** Node 26 makes one chunk of two that a handler elsewhere writes in one turn: docs/http.md says so. The data is the same. */
const isNewer = Number(process.versions.node.split('.')[0]) > 20;
const JOINED = new Set(['POST /echo, a short body, chunked', 'POST /echo-pipeline, a short body, chunked']);

/** With two chunks in a row as one. */
function joined(text: string): string {
  return text.replace(/\r\n5\r\n(.*?)\r\n9\r\n(.*?)\r\n0\r\n/s, '\r\ne\r\n$1$2\r\n0\r\n');
}

function portOf(name: Name): number {
  return (own.get(name)!.address() as AddressInfo).port;
}

describe.each(NAMES)('%s: what is sent is, byte for byte, what the same handler sends in the server\'s process', (app) => {
  it.concurrent.each(cases.filter((one) => one.app === app).map((one) => [one.name, one.steps] as const))('%s', async (name, steps) => {
    const [here, there] = await Promise.all([play(portOf(app), steps), play(hosted[app], steps)]);
    const isJoined = isNewer && JOINED.has(name);
    expect(isJoined ? joined(there) : there).toBe(isJoined ? joined(here) : here);
  });
});
