import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import { connect, host, type Connection, type Host, type LostEvent, type RoleOptions } from '../../src/index.js';
import { eventually } from '../support/eventually.js';

interface Services {
  emitter: EventEmitter;
}

let hosted: Host;
const connections: Connection<Services>[] = [];

afterEach(async () => {
  for (const connection of connections.splice(0)) await connection.close();
  await hosted.close();
});

async function take(): Promise<Connection<Services>> {
  const connection = await connect<Services>(hosted.name, { role: 'job', reconnect: false });
  connections.push(connection);
  connection.services.emitter.on('a', () => {});
  return connection;
}

/** A role with an event held, a state saved, and nobody there. */
async function deserted(emitter: EventEmitter, job: RoleOptions): Promise<LostEvent[]> {
  hosted = await host({ emitter }, { name: `forgotten-${process.pid}-${Math.random().toString(36).slice(2)}`, roles: { job } });
  const lost: LostEvent[] = [];
  hosted.on('lost', ({ events }) => lost.push(...events));
  const connection = await take();
  await connection.ready();
  await connection.save('a state');
  await connection.close();
  await eventually('its processes', () => hosted.inspect().roles[0]?.members, []);
  emitter.emit('a', 1);
  return lost;
}

it('a role that is forgotten tells what it held, and leaves nothing', async () => {
  const emitter = new EventEmitter();
  const lost = await deserted(emitter, {});
  expect(hosted.inspect().roles).toMatchObject([{ parked: { events: 1 }, vacant: expect.any(Number) as number }]);
  expect(hosted.forget('job')).toBe(true);
  expect(lost).toMatchObject([{ event: 'a', reason: 'ended', args: [1] }]);
  expect(hosted.inspect().roles).toEqual([]);
  expect(emitter.listenerCount('a')).toBe(0);
  expect(hosted.forget('job')).toBe(false);
  const next = await take();
  expect(await next.ready()).toEqual({ previous: undefined });
  expect(hosted.inspect().roles).toMatchObject([{ handovers: 1, dropped: [], vacant: undefined }]);
});

it('one that a process is in cannot be forgotten, ready or not', async () => {
  await deserted(new EventEmitter(), {});
  const next = await take();
  await eventually('its processes', () => hosted.inspect().roles[0]?.members.length, 1);
  expect(() => hosted.forget('job')).toThrow(expect.objectContaining({ code: 'ERR_DYNOBOT_ROLE' }) as Error);
  await next.ready();
  expect(() => hosted.forget('job')).toThrow(expect.objectContaining({ code: 'ERR_DYNOBOT_ROLE' }) as Error);
});

it('is forgotten by itself after the time that its host gives, unless somebody comes', async () => {
  const emitter = new EventEmitter();
  const lost = await deserted(emitter, { forget: 300 });
  const next = await take();
  await pause(400); // A time that has passed is all that shows that nothing was to come of it.
  expect(await next.ready()).toEqual({ previous: 'a state' });
  expect(lost).toEqual([]);
  await next.close();
  await eventually('the roles', () => hosted.inspect().roles, []);
  expect(emitter.listenerCount('a')).toBe(0);
});
