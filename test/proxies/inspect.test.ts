import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { release, type Connection } from '../../src/index.js';
import { HostProcess } from '../support/host-process.js';
import type { Services } from './fixtures/objects-host.js';
import { OBJECTS_HOST } from './setup.js';

let host: HostProcess;
let connection: Connection<Services>;

beforeAll(async () => {
  host = await HostProcess.start(OBJECTS_HOST);
  connection = await host.connect<Services>();
});

afterAll(async () => {
  await host.isClean(connection);
  await host.stop();
});

it('shows what a proxy is, at any depth, and asks for nothing', async () => {
  const { rex, Dog, registry, silent } = connection.services;
  const { list: [next] } = (await registry.makers()) as { list: [(n: number) => Promise<number>] };
  const { calls } = connection.tables;
  expect(inspect(rex)).toMatch(new RegExp(`^Remote<Dog> rex@${host.name} \\{[^]*name: 'Rex'`));
  expect(inspect([rex, { rex }])).toMatch(/\[\s*Remote<Dog> rex@/);
  expect(inspect({ a: { b: { c: { rex } } } }, { depth: 3 })).toContain('{…}');
  expect(inspect(Dog)).toBe(`[Remote<Function: Dog> Dog@${host.name}]`);
  expect(inspect(next)).toMatch(/^\[Remote<Function> #\d+@test-/);
  expect(inspect(silent)).toContain('Remote<Object> silent@');
  expect(inspect(Object.getPrototypeOf(rex))).toBeTypeOf('string');
  for (const options of [{ showHidden: true }, { showProxy: true }, { depth: null }, { depth: -1 }]) {
    for (const value of [rex, Dog, next, silent]) expect(inspect(value, options)).toBeTypeOf('string');
  }
  expect(connection.tables.calls).toBe(calls);
  await registry.same();
  expect(await host.ask('asked')).toEqual([]);
});

it('shows the promise of a property as any other', async () => {
  const { rex } = connection.services;
  const reading = rex.name;
  expect(inspect(reading)).toBe('Promise { <pending> }');
  expect(await reading).toBe('Rex');
});

it('shows what has been released, and what is disconnected', async () => {
  const { rex, Dog } = connection.services;
  const spot = await new Dog('Spot');
  release(spot);
  expect(inspect(spot)).toMatch(/^Remote<Dog> #\d+@test-.* \(released\) \{/);
  await connection.close();
  expect(inspect(rex)).toMatch(/\(disconnected\) \{/);
  expect(inspect([Dog])).toContain('(disconnected)');
  await expect(rex.fetch('x')).rejects.toMatchObject({ code: 'ERR_DYNOBOT_DISCONNECTED' });
  expect(() => rex.on('x', () => {})).toThrow(expect.objectContaining({ code: 'ERR_DYNOBOT_DISCONNECTED' }) as Error);
  expect(() => rex.off('x', () => {})).not.toThrow();
});
