import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { HostProcess, NOTHING } from '../support/host-process.js';
import { TestProcess } from '../support/test-process.js';

const HOST = new URL('fixtures/host.ts', import.meta.url);
const CLIENT = new URL('fixtures/client.ts', import.meta.url);

let host: HostProcess;
let client: TestProcess;
beforeAll(async () => {
  host = await HostProcess.start(HOST);
  client = await TestProcess.start(CLIENT, { TEST_HOST: host.name });
});
afterAll(async () => {
  await client.ask('close');
  expect(await client.ask('tables')).toEqual(NOTHING);
  await eventually('the sessions of the host', () => host.sessions(), []);
  client.kill();
  await host.stop();
});

describe('a client that blocks', () => {
  it('reads properties, calls methods, gets values', async () => {
    expect(await client.ask('basics')).toEqual(['dyno', 'dyno!', 'dyno: a b', { name: 'dyno', tags: ['a', 'b'] }, true, 2]);
    expect(await client.ask('services')).toEqual([['bot', 'Bot', 'Admin', 'Member', 'registry', 'live', 'mum'], true, true]);
  });

  it('gets a promise where the host returns one', async () => {
    expect(await client.ask('later')).toEqual([true, 5]);
  });

  it('catches what is thrown', async () => {
    const [failed, refused, missing] = await client.ask<Record<string, unknown>[]>('errors');
    expect(failed).toMatchObject({ name: 'RangeError', message: 'bad age', code: 'E_AGE', cause: 'inner', isRange: true });
    expect(refused).toMatchObject({ name: 'RangeError', message: 'a title must not be empty' });
    expect(missing).toMatchObject({ name: 'TypeError' });
  });

  it('assigns', async () => {
    expect(await client.ask('assign')).toEqual(['neo', 'neo!', 'dyno']);
  });

  it('has all operations on objects', async () => {
    expect(await client.ask('operations')).toEqual([
      true, false, true, ['nick', 'points'], true, true, 'Member',
      ['nick', 'points', 'extra'], { value: 7, writable: true, enumerable: true, configurable: true }, true, false, '{"nick":"bob","points":3}', { nick: 'bob', points: 3 }, [['nick', 'bob'], ['points', 3]],
      ['nick', 'points'], { value: 1, writable: false, enumerable: false, configurable: true }, "Member { nick: 'bob', points: 3 }", 'TypeError',
    ]);
  });

  it('is shown by an inspector as it is, with its cycles, and asked for once', async () => {
    const { shown, frames } = await client.ask<{ shown: [blocking: string, locally: string][]; frames: number }>('inspection');
    for (const [blocking, locally] of shown) expect(blocking).toBe(locally);
    expect(shown.flat().join()).toContain('[Circular *1]');
    expect(frames).toBeLessThan(100);
  });

  it('has classes, with their statics and prototypes', async () => {
    expect(await client.ask('classes')).toEqual(['Bot', true, true, true, 'st', 'x', true, 0]);
    expect(await client.ask('local')).toEqual([true, 0]);
    expect(await client.ask('family')).toEqual([true, false, true]);
  });

  it('has symbols as events, the same ones', async () => {
    expect(await client.ask('symbols')).toEqual([1, true, false]);
  });

  it('goes over a hosted iterable', async () => {
    expect(await client.ask('iterate')).toEqual([...'dyno']);
  });

  it('extends a hosted class: its own methods run here, those of the base there, which calls what is overridden', async () => {
    expect(await client.ask('subclass')).toEqual([
      'squawk hello, I am polly', 'polly: x shh', ['constructed', 'x'], true, true, true, true, 'polly', true,
    ]);
  });

  it('extends by util.inherits: from its first use an object has its part in the host', async () => {
    expect(await client.ask('inherited')).toEqual([1, expect.stringContaining("cannot be invoked without 'new'"), 1, 0]);
  });

  it('serves its own listeners before emit returns, in order and nested', async () => {
    expect(await client.ask('emits')).toEqual([true, [['a', 1], ['a', 2], ['a ends', 2], ['b', 2], ['a ends', 1], ['b', 1]], false]);
  });

  it('lets what a listener throws out of emit, and ends it there', async () => {
    expect(await client.ask('throws')).toEqual([true, ['first'], true, 0]);
  });

  it('has its emitters heard by hosted code with the contexts of that', async () => {
    expect(await client.ask('contexts')).toEqual([[true, 1], 1]);
  });

  it('gets what its callbacks return, if the host returns it', async () => {
    expect(await client.ask('callbacks')).toEqual([2, true, 'soon', [1], 'in the middle', 'failed with inside', 'came to 7']);
  });

  it('gets the outcome of a promise that it is given in a callback, a listener or a recursion', async () => {
    expect(await client.ask('settled')).toEqual(['called back', 'failed: failed', 'heard', 'asked for by the host', 'end']);
  });

  it('gets a RangeError from recursion that is too deep, and nothing is left of it', async () => {
    const { thrown, deepest, ...left } = await client.ask<{ thrown: unknown[]; deepest: number }>('deep');
    const tooDeep = [true, 'Maximum call stack size exceeded'];
    const notOurs = [...tooDeep, null];
    // V8 is the first to refuse where it must compile anew what it had thrown away.
    const oursOrNot = [...tooDeep, expect.toBeOneOf(['ERR_DYNOBOT_LIMIT_STACK', null]) as unknown];
    expect(thrown).toEqual([oursOrNot, notOurs, oursOrNot, notOurs]);
    expect(JSON.stringify(thrown)).toContain('ERR_DYNOBOT_LIMIT_STACK');
    expect(deepest).toBeGreaterThan(200);
    expect(left).toEqual({ calls: 0, still: 'dyno: a' });
    expect(await host.sessions()).toMatchObject([{ calls: 0, answers: 0 }]);
  });

  it('leaves events that belong to no call to the event loop, in order', async () => {
    expect(await client.ask('aside')).toEqual([['calls are done', 'event 1', 'event 2'], expect.any(Array)]);
  });

  it('reads 10,000 properties of objects that have just arrived without asking', async () => {
    expect(await client.ask('mirrors', 10_000)).toEqual([10_000, true, 0, 'other']);
  });

  it('works in place on what the host opens', async () => {
    expect(await client.ask('inPlace')).toEqual([true, 4, [1, 2, 3, 4], [2, 4, 6, 8], 5, ['list', 'deep'], 2, null, true]);
  });

  it('collects its garbage', async () => {
    await client.ask('collect');
    await eventually('what the host holds for it', async () => {
      await client.ask('gc');
      const [session] = await host.sessions();
      return session!.exports < 50;
    }, true);
  });
});

describe('two clients that block', () => {
  it('call each other through the host, to any depth, without waiting for ever', async () => {
    const other = await TestProcess.start(CLIENT, { TEST_HOST: host.name });
    await Promise.all([client.ask('keep', 'a'), other.ask('keep', 'b')]);
    for (let round = 0; round < 10; round++) {
      const [ab, ba] = await Promise.all([client.ask<string>('call', 'b', 'a', 5), other.ask<string>('call', 'a', 'b', 5)]);
      expect([ab, ba]).toEqual(['b a b a b a', 'a b a b a b']);
    }
    await other.ask('close');
    await other.ask('heard').then((heard) => expect(heard).toEqual([['close', null]]));
    other.kill();
  });

  it('have what they are answered before they serve the other', async () => {
    const other = await TestProcess.start(CLIENT, { TEST_HOST: host.name });
    const [wasTooSoon] = await Promise.all([client.ask('offer', 'late'), other.ask('seek', 'late')]);
    expect(wasTooSoon).toBe(false);
    await other.ask('close');
    other.kill();
  });
});
