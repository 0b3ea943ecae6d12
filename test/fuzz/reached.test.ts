import { readFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { connect, host } from 'dynobot';
import { expect, it } from 'vitest';
import { play } from '../../proof/lib/guided.mjs';
import { makeServices } from '../../proof/processes/services.mjs';
import { eventually } from '../support/eventually.js';

/** Each reached code that those before it had not; together they reach what fuzzing has ever reached (proof/lib/guided.mjs). */
const SESSIONS = JSON.parse(readFileSync(new URL('corpus/reached.json', import.meta.url), 'utf8')) as string[][];

it('withstands the sessions that have reached something new, one after the other and twice, and nothing of them stays', { timeout: 60_000 }, async () => {
  const { services, emitter } = makeServices();
  const hosted = await host({ ...services, neighbourly: { echo: (value: unknown) => value } }, { name: `reached-${process.pid}`, limits: { heartbeat: 0, listeners: 100, references: 2_000 } });
  hosted.on('error', () => {});
  const neighbour = await connect<{ neighbourly: { echo(value: unknown): unknown } }>(`reached-${process.pid}`, { reconnect: false });
  const before = Reflect.ownKeys(Object.prototype);
  let taken = 0;
  for (const frames of [...SESSIONS, ...SESSIONS]) {
    taken += play(hosted, frames);
    await turn();
  }
  expect(taken).toBeGreaterThan(SESSIONS.length);
  expect(await neighbour.services.neighbourly.echo('fine')).toBe('fine');
  expect(Reflect.ownKeys(Object.prototype)).toEqual(before);
  await eventually('the sessions', () => hosted.inspect().sessions.map(({ pid, listeners, calls }) => ({ pid, listeners, calls })), [{ pid: process.pid, listeners: 0, calls: 0 }]);
  expect(emitter.eventNames()).toEqual([]);
  await neighbour.close();
  await hosted.close();
});
