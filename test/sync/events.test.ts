import { expect, it } from 'vitest';
import { files, runEventsTests } from '../../scripts/events-tests.mjs';

it('is what the tests of the npm package events take for its class, directly and hosted again by a second process', { timeout: 120_000 }, async () => {
  expect(files).toHaveLength(20);
  expect(await runEventsTests({ locally: false })).toEqual(files.map((file) => ({ file, local: undefined, hosted: true, again: true })));
});
