import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { HostProcess } from '../support/host-process.js';
import type { Services } from './fixtures/emitters.js';
import { EMITTERS_HOST } from './setup.js';

let host: HostProcess;

beforeAll(async () => {
  host = await HostProcess.start(EMITTERS_HOST);
});

afterAll(async () => {
  await host.stop();
});

const warnings = (): Promise<string[]> => host.ask<string[]>('warnings');

it('is no reason to warn that many clients listen; that one of them leaks is', async () => {
  await host.ask('setLimit', 5);
  const clients = await Promise.all(Array.from({ length: 8 }, () => host.connect<Services>({ name: 'many' })));
  for (const { services } of clients) services.node.on('x', () => {}).on('x', () => {});
  await Promise.all(clients.map((client) => client.inspect()));
  expect(await warnings()).toEqual([]);

  const leaking = await host.connect<Services>({ name: 'leaking' });
  for (let i = 0; i < 7; i++) leaking.services.node.on('y', () => {});
  await leaking.inspect();
  await eventually('warnings', async () => (await warnings()).length, 1);
  expect((await warnings())[0]).toMatch(/^MaxListenersExceededWarning: .*leaking\[\d+\] alone has attached 6 y listeners/);

  for (const client of [...clients, leaking]) await client.close();
  await eventually('the limit', () => host.ask('limit'), 5);
});

it('warns still where the code of the host leaks', async () => {
  const client = await host.connect<Services>();
  client.services.node.on('z', () => {});
  await client.inspect();
  const before = (await warnings()).length;
  for (let i = 0; i < 6; i++) await host.ask('addOwn', 'z');
  await eventually('warnings', async () => (await warnings()).length, before + 1);
  await host.ask('removeAll', 'z');
  await host.isClean(client);
});

it('does not count what the host has removed', async () => {
  const client = await host.connect<Services>();
  const before = (await warnings()).length;
  for (let i = 0; i < 10; i++) {
    client.services.node.on('w', () => {});
    await client.inspect();
    await host.ask('removeAll', 'w');
  }
  expect((await warnings()).length).toBe(before);
  await host.isClean(client);
});
