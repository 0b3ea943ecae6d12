import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { HostProcess } from '../support/host-process.js';
import { TestProcess } from '../support/test-process.js';

let host: HostProcess;
let relay: HostProcess;
let client: TestProcess;
beforeAll(async () => {
  host = await HostProcess.start(new URL('fixtures/host.ts', import.meta.url));
  relay = await HostProcess.start(new URL('fixtures/relay.ts', import.meta.url), { TEST_FROM: host.name });
  client = await TestProcess.start(new URL('fixtures/client.ts', import.meta.url), { TEST_HOST: relay.name });
});
afterAll(async () => {
  await client.ask('close');
  await eventually('the sessions of the relay', () => relay.sessions(), []);
  client.kill();
  await relay.stop();
  await host.stop();
});

describe('a client that blocks, by way of a process that hosts again what it got', () => {
  it('reads, calls, assigns and catches', async () => {
    expect(await client.ask('basics')).toEqual(['dyno', 'dyno!', 'dyno: a b', { name: 'dyno', tags: ['a', 'b'] }, true, 2]);
    expect(await client.ask('assign')).toEqual(['neo', 'neo!', 'dyno']);
    expect(await client.ask('later')).toEqual([true, 5]);
    expect(await client.ask('errors')).toMatchObject([{ name: 'RangeError', code: 'E_AGE' }, { name: 'RangeError' }, { name: 'TypeError' }]);
  });

  it('serves its own listeners before emit returns, in order and nested', async () => {
    expect(await client.ask('emits')).toEqual([true, [['a', 1], ['a', 2], ['a ends', 2], ['b', 2], ['a ends', 1], ['b', 1]], false]);
  });

  it('lets what a listener throws out of emit, and ends it there', async () => {
    expect(await client.ask('throws')).toEqual([true, ['first'], true, 0]);
  });

  it('lets what a callback throws out of the call, though the host looks at no result, and runs none after it', async () => {
    expect(await client.ask('callbacks')).toEqual([2, true, 'soon', [1], 'in the middle', 'failed with inside', 'came to 7']);
  });

  it('calls another client there, and is called by it, to any depth', async () => {
    const other = await TestProcess.start(new URL('fixtures/client.ts', import.meta.url), { TEST_HOST: host.name });
    await Promise.all([client.ask('keep', 'a'), other.ask('keep', 'b')]);
    for (let round = 0; round < 10; round++) {
      const [ab, ba] = await Promise.all([client.ask<string>('call', 'b', 'a', 5), other.ask<string>('call', 'a', 'b', 5)]);
      expect([ab, ba]).toEqual(['b a b a b a', 'a b a b a b']);
    }
    await other.ask('close');
    other.kill();
  });
});
