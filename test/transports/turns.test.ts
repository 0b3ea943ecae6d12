import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { HostProcess } from '../support/host-process.js';
import { TestProcess } from '../support/test-process.js';

const EVENTS = 4_000;

let host: HostProcess;

beforeAll(async () => {
  host = await HostProcess.start(new URL('../peer/fixtures/series-host.ts', import.meta.url));
});

afterAll(async () => {
  await host.isClean();
  await host.stop();
});

it.each(['like data', 'like data and no data'])('who works for each of many events that came at once has turns of the event loop in between: %s', async (burst) => {
  const client = await TestProcess.start(new URL('fixtures/slow-handler.ts', import.meta.url));
  await client.ask('listen', host.name, 1);
  await host.ask('burst', burst, EVENTS);
  await eventually('events', () => client.ask('handled'), EVENTS);
  // Most of it comes in one piece; a frame, or two, are handled without a pause.
  expect(await client.ask('most')).toBeLessThan(1_000);
  await client.stop();
});
