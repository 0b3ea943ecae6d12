import { expect, it } from 'vitest';
import { idle } from './runs/idle.js';
import { soak } from './runs/soak.js';
import { transfer } from './runs/transfer.js';

// The short forms of npm run soak:http and npm run proof:http.

it('long bodies up and down are whole, and neither process grows with them', { timeout: 60_000 }, async () => {
  for (const { isWhole, growth } of Object.values(await transfer(128))) {
    expect(isWhole).toBe(true);
    expect(Math.max(growth.host, growth.handler)).toBeLessThan(100);
  }
});

it('connections that idle cost the handler nothing', { timeout: 60_000 }, async () => {
  const { heap, isAlive } = await idle(1000);
  expect(isAlive).toBe(true);
  expect(heap).toBeLessThan(1024);
});

it('handlers are killed under load, and only what they had in hand is lost', { timeout: 60_000 }, async () => {
  const { failed, kills, requests, opened, clients, lost } = await soak(3, 300);
  expect(failed).toEqual([]);
  expect(kills).toBeGreaterThan(0);
  expect(requests).toBeGreaterThan(50);
  // Connections stay, but for those that were cut, or whose client had not finished its request.
  expect(opened).toBeLessThanOrEqual(clients + lost.answered + lost.cut);
});
