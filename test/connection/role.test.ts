import { once } from 'node:events';
import { expect, it, onTestFinished } from 'vitest';
import { connect, type Connection, type ReadyOptions } from '../../src/index.js';
import type { ConnectOptions } from '../../src/connection/options.js';
import { eventually } from '../support/eventually.js';
import { HostProcess } from '../support/host-process.js';
import type { Services } from './fixtures/station.js';

const STATION = new URL('fixtures/station.ts', import.meta.url);

it('a turn in a role is taken again when the host is back, with what was saved; one that was not taken is not', async () => {
  const host = await HostProcess.start(STATION);
  const live = await connect<Services>(host.name, { role: 'responder', name: 'live' });
  const staged = await connect<Services>(host.name, { role: 'other', name: 'staged' });
  const heard: string[] = [];
  live.services.radio.on('news', (n: number) => heard.push(`live ${n}`));
  staged.services.radio.on('news', (n: number) => heard.push(`staged ${n}`));
  live.onHandover(() => 'handed over');
  await live.ready();
  await live.save('saved');
  const back = [live, staged].map((connection) => {
    connection.on('disconnect', () => {});
    return once(connection, 'reconnect');
  });
  await host.stop();
  const again = await HostProcess.start(STATION, {}, host.name);
  onTestFinished(() => again.stop());
  await Promise.all(back);
  await eventually('who has the turn', async () => (await roles(live)).map(({ name, members }) => `${name}: ${members.map(({ stage }) => stage).join()}`).sort(), ['other: staged', 'responder: live']);
  await again.ask('emit', 'news', 1);
  await eventually('what was heard', () => heard, ['live 1']);
  await live[Symbol.asyncDispose]();
  const heir = await connect<Services>(host.name, { role: 'responder', name: 'heir' });
  expect(await heir.ready()).toEqual({ previous: 'saved' });
  expect((await roles(heir)).find(({ name }) => name === 'responder')).toMatchObject({ last: { state: 'saved' } });
  await again.isClean(heir, staged, live);
});

it('a turn that is given up leaves its state, its work done, and its events to the next', async () => {
  const host = await HostProcess.start(STATION);
  onTestFinished(() => host.stop());
  const first = await connect<Services>(host.name, { role: 'responder', name: 'first' });
  let finish = (): void => {};
  const done: number[] = [];
  first.services.radio.on('news', async (n: number) => {
    await new Promise<void>((resolve) => (finish = resolve));
    done.push(n);
  });
  first.onHandover(() => done);
  await first.ready();
  await host.ask('emit', 'news', 1);
  await eventually('events in hand', async () => (await roles(first))[0]?.members[0]?.inHand, 1);
  const retired = first.retire();
  await eventually('its stage', async () => (await roles(first))[0]?.members[0]?.stage, 'retiring');
  await host.ask('emit', 'news', 2);
  finish();
  await retired;
  const heir = await connect<Services>(host.name, { role: 'responder', name: 'heir' });
  const heard: number[] = [];
  heir.services.radio.on('news', (n: number) => heard.push(n));
  expect(await heir.ready()).toEqual({ previous: [1] });
  await eventually('what was heard', () => heard, [2]);
  await first.retire();
  await host.isClean(heir, first);
});

it.each(['with a listener for error', 'as a warning without one'])('a state that comes too late is told on both sides, %s, given to nobody, and ends nothing that is in hand', async (how) => {
  const host = await HostProcess.start(STATION, { STATION_ROLES: JSON.stringify({ responder: { handover: 100 } }) });
  onTestFinished(() => host.stop());
  const old = await connect<Services>(host.name, { role: 'responder', name: 'old' });
  const told: unknown[] = [];
  const tell = (error: Error): void => void told.push(error.message);
  if (how.startsWith('with a')) old.on('error', (error) => told.push((error as Error).message));
  else process.on('warning', tell);
  onTestFinished(() => void process.off('warning', tell));
  let finish = (): void => {};
  const done: number[] = [];
  old.services.radio.on('news', async (n: number) => {
    await new Promise<void>((resolve) => (finish = resolve));
    done.push(n);
  });
  let hand = (_: string): void => {};
  old.onHandover(() => new Promise((resolve) => (hand = resolve)));
  await old.ready();
  await host.ask('emit', 'news', 1);
  await eventually('events in hand', async () => (await roles(old))[0]?.members[0]?.inHand, 1);
  const heir = await connect<Services>(host.name, { role: 'responder', name: 'heir' });
  expect(await heir.ready()).toEqual({ previous: undefined });
  await eventually('what the old one is told', () => told, [how.startsWith('with a') ? 'the state did not come in time' : 'the handover: the state did not come in time']);
  hand('too late');
  finish();
  await once(old, 'close');
  expect(done).toEqual([1]);
  const third = await connect<Services>(host.name, { role: 'responder', name: 'third' });
  expect(await third.ready()).toEqual({ previous: undefined });
  const failed = await host.ask<string[]>('errors');
  expect(failed).toEqual([expect.stringMatching(/^the handover of the role responder by .*: .*it did not hand its state over within 100 ms$/)]);
  await host.isClean(third, heir, old);
});

it('what is saved is bounded for the role; what does not fit is refused, and what was there stays', async () => {
  const host = await HostProcess.start(STATION, { STATION_ROLES: JSON.stringify({ responder: { saved: 1000 } }) });
  onTestFinished(() => host.stop());
  const [one, two] = await Promise.all([1, 2].map((instance) => connect<Services>(host.name, { role: 'responder', instance })));
  await Promise.all([one!.ready(), two!.ready()]);
  await one!.save('x'.repeat(400));
  await two!.save('y'.repeat(400));
  await expect(one!.save('z'.repeat(700))).rejects.toMatchObject({ code: 'ERR_DYNOBOT_LIMIT' });
  await one!.save('w'.repeat(300));
  await two!.close();
  const heir = await connect<Services>(host.name, { role: 'responder', instance: 2 });
  expect(await heir.ready()).toEqual({ previous: 'y'.repeat(400) });
  expect((await roles(heir))[0]).toMatchObject({ last: { instance: '2', from: { client: expect.any(String) as string } } });
  await heir.save(undefined);
  await one!.save('z'.repeat(700));
  await host.isClean(heir, one!, two!);
});

async function roles(connection: Connection<Services>) {
  return (await connection.inspect()).roles;
}

it('what is asked for wrongly is refused, and changes nothing', async () => {
  const host = await HostProcess.start(STATION);
  onTestFinished(() => host.stop());
  const wrong = { code: 'ERR_DYNOBOT_ARGUMENT' };
  const connection = await connect<Services>(host.name, { role: 'responder' });
  for (const options of [{ check: 'well' }, { chek: () => false }, { check: () => true, timeout: -1 }, null, () => true]) {
    await expect(connection.ready(options as ReadyOptions)).rejects.toMatchObject(wrong);
  }
  expect(() => connection.onHandover('state' as unknown as () => unknown)).toThrow(expect.objectContaining(wrong) as Error);
  await expect(connect(host.name, null as unknown as ConnectOptions)).rejects.toMatchObject(wrong);
  await connection.ready();
  await expect(connection.ready()).rejects.toMatchObject({ code: 'ERR_DYNOBOT_ROLE' });
  const without = await connect<Services>(host.name, { role: undefined });
  await expect(without.ready()).rejects.toMatchObject({ code: 'ERR_DYNOBOT_ROLE' });
  await host.isClean(connection, without);
});

it('a turn that is asked for while the host is away waits for it', async () => {
  const host = await HostProcess.start(STATION);
  const connection = await connect<Services>(host.name, { role: 'responder' });
  const gone = once(connection, 'disconnect');
  await host.stop();
  await gone;
  const ready = connection.ready();
  const again = await HostProcess.start(STATION, {}, host.name);
  onTestFinished(() => again.stop());
  expect(await ready).toEqual({ previous: undefined });
  expect(await roles(connection)).toMatchObject([{ name: 'responder', members: [{ stage: 'live' }] }]);
  await again.isClean(connection);
});
