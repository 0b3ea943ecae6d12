import { expect, it } from 'vitest';
import { soak } from '../../soak/blocking.mjs';

it('goes on with calls, events and nested callbacks of many clients at once: the short form of soak:blocking', { timeout: 90_000 }, async () => {
  const { calls, events, nested, stuck, problems, left } = await soak({ seconds: 5, clients: 4 });
  expect({ stuck, problems, left }).toEqual({ stuck: 0, problems: [], left: { sessions: 0, listeners: 0 } });
  expect(Math.min(calls, events, nested)).toBeGreaterThan(50);
});
