import { afterAll, beforeAll, expect, it } from 'vitest';
import { Both } from './both.js';
import { cases } from './cases.js';
import { play } from './raw-client.js';

// The handlers are a client that blocks (`connectSync`): the same bytes.
let both: Both;
beforeAll(async () => { both = await Both.start({ sync: true }); });
afterAll(() => both.stop());

it.concurrent.each(cases.filter(({ app }) => app === 'plain' || app === 'special' || app === 'express').map(({ app, name, steps }) => [app, name, steps] as const))('%s: %s', async (app, _, steps) => {
  const [here, there] = await Promise.all(both.ports(app).map((port) => play(port, steps)));
  expect(there).toBe(here);
});
