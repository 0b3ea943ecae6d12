import { expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { HostProcess } from '../support/host-process.js';
import type { Counts, Services as Emitting } from '../listeners/fixtures/emitters.js';
import { EMITTERS_HOST } from '../listeners/setup.js';
import type { Dog, Services } from './fixtures/objects-host.js';
import { objectsHost, OBJECTS_HOST } from './setup.js';
import { within, type Remote } from '../../src/index.js';

const setup = objectsHost();

it('reaches an object in a third process through the one between, which can remove a handler again', async () => {
  const middle = await HostProcess.start(OBJECTS_HOST);
  const connection = await middle.connect<Services>();
  const { relay } = connection.services;
  await relay.join(setup.host.name);
  const rex = (await relay.service('rex')) as unknown as Remote<Dog>;

  expect(rex.constructor.name).toBe('Dog');
  expect(await rex.fetch('it')).toBe('Rex fetches it');
  expect(await rex.self()).toBe(rex);
  await expect(rex.fail()).rejects.toMatchObject({ name: 'RangeError', code: 'E_AGE' });

  const DogThere = (await relay.service('Dog')) as unknown as typeof Dog;
  const spot = await new DogThere('Spot');
  expect(spot).toBeInstanceOf(DogThere);
  expect(rex).toBeInstanceOf(DogThere);
  expect(await spot.fetch('it')).toBe('Spot fetches it');

  const heard: unknown[] = [];
  const handler = (...args: unknown[]): void => void heard.push(args);
  rex.on('bark', handler);
  rex.once('bark', handler);
  await rex.self();
  expect(await setup.host.ask('listenerCount', 'bark')).toBe(2);
  await setup.host.ask('emit', 'bark', 'a');
  await setup.host.ask('emit', 'bark', 'b');
  await eventually('what was heard', () => heard, [['a'], ['a'], ['b']]);
  rex.off('bark', handler);
  await rex.self();
  expect(await setup.host.ask('listenerCount', 'bark')).toBe(0);

  rex.on('bark', handler);
  await rex.self();
  await connection.close();
  await eventually('listeners after the session with the process between has ended', async () => {
    await middle.ask('collect');
    await setup.host.ask('collect');
    return setup.host.ask('listenerCount', 'bark');
  }, 0);
  await middle.stop();
  await eventually('sessions', async () => (await setup.host.sessions()).length, 1);
});

it('leaves nothing attached there by declared methods, when the session with the process between ends', async () => {
  const host = await HostProcess.start(EMITTERS_HOST);
  const middle = await HostProcess.start(OBJECTS_HOST);
  const connection = await middle.connect<Services>();
  const { relay } = connection.services;
  await relay.join(host.name);
  const store = (await relay.service('store')) as unknown as Remote<Emitting['store']>;
  const attached = async (): Promise<number> => (await host.ask<Counts>('counts')).store;

  const heard: unknown[] = [];
  const hear = (value: unknown): void => void heard.push(value);
  const end = store.subscribe(hear);
  store.watch('key', hear);
  await eventually('listeners', attached, 2);
  store.unwatch('key', hear);
  end();
  await eventually('listeners', attached, 0);
  await eventually('references between the other two', async () => {
    await host.ask('collect');
    await middle.ask('collect');
    return (await host.sessions())[0]!.imports;
  }, 0);

  store.subscribe(hear);
  store.watch('key', () => {});
  await eventually('listeners', attached, 2);
  await host.ask('setStore', 1);
  await eventually('what was heard', () => heard, [1]);
  await connection.close();
  await eventually('listeners', attached, 0);
  await middle.stop();
  await eventually('sessions', () => host.sessions(), []);
  await host.stop();
});

it('does not wait there for the answers of calls that nobody wants any more', async () => {
  const middle = await HostProcess.start(OBJECTS_HOST);
  const connection = await middle.connect<Services>();
  const { relay } = connection.services;
  await relay.join(setup.host.name);
  const registry = (await relay.service('registry')) as unknown as Remote<Services['registry']>;
  const answering = async (): Promise<number[]> => (await setup.host.sessions()).map(({ answers }) => answers);
  const before = await answering();
  const open = (count: number): number[] => before.map((answers, i) => (i === before.length - 1 ? answers + count : answers));

  await expect(within(registry, { timeout: 200 }).hang()).rejects.toMatchObject({ code: 'ERR_DYNOBOT_TIMEOUT' });
  await eventually('work on a call that was given up', answering, before);
  const lost = [registry.hang(), registry.hang()].map((call) => call.catch((error: { code: string }) => error.code));
  await eventually('work on calls', answering, open(2));
  await connection.close();
  expect(await Promise.all(lost)).toEqual(['ERR_DYNOBOT_DISCONNECTED', 'ERR_DYNOBOT_DISCONNECTED']);
  await eventually('work on calls of a client that has gone', answering, before);
  await middle.stop();
});
