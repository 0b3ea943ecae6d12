import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { finished } from './show/turns.js';
import { Stage, type WorkerProcess } from './show/workers.js';

let stage: Stage;
let holder: WorkerProcess;

let told = 0;

// One host, and one process that all the broken ones want to succeed.
beforeAll(async () => {
  stage = await Stage.open({ start: 2000, handover: 300 });
  holder = await stage.worker();
  await holder.ready();
});
afterAll(() => stage.close());

async function emit(count: number): Promise<number> {
  return stage.host.ask<number>('emit', count);
}

/** The failures that are told of since the last time. */
async function failures(count: number): Promise<{ stage: string; error: string }[]> {
  await eventually('the failures', async () => (await stage.news<'failure'>()).failure.length, told + count);
  const { failure } = await stage.news<'failure'>();
  const news = failure.slice(told) as { stage: string; error: string }[];
  told += count;
  return news;
}

/** Whatever became of the other one, the holder has all events. */
async function servesOn(): Promise<void> {
  const last = await emit(10);
  await eventually('what the holder has heard', () => holder.heard().length, last);
  expect(holder.heard().map(({ number }) => number)).toEqual(Array.from({ length: last }, (_, i) => i + 1));
  expect(await holder.ask('retired')).toBe(false);
}

describe('a successor that is broken before it connects leaves the old one working', () => {
  it.each(['throws at the top level', 'exits at once', 'exits with a code', 'kills itself'])('%s', async (way) => {
    await expect(stage.worker({ way })).rejects.toThrow(/ended before it was ready/);
    await servesOn();
    expect(await failures(0)).toEqual([]);
  });
});

const STAGED: readonly (readonly [way: string, failure: string])[] = [
  ['throws when it has connected', 'exit'],
  ['rejects when it has connected', 'exit'],
  ['exits when it has connected', 'exit'],
  ['is killed when it has connected', 'exit'],
  ['closes its connection', 'exit'],
  ['never gets ready', 'start'],
  ['blocks when it has connected', 'start'],
];

const CHECKS: readonly (readonly [way: string, failure: string, error: RegExp])[] = [
  ['answers false to its check', 'check', /answered false/],
  ['throws in its check', 'check', /Error: unwell/],
  ['rejects in its check', 'check', /RangeError: unwell later/],
  ['hangs in its check', 'check', /within 200 ms/],
  ['exits in its check', 'exit', /lost/],
  ['is killed in its check', 'exit', /lost/],
];

describe('a successor that is broken when it has connected leaves the old one working, and is reported', () => {
  it.each(STAGED)('%s', async (way, failure) => {
    await stage.worker({ way });
    expect((await failures(1)).map((news) => news.stage)).toEqual([failure]);
    await servesOn();
  });

  it.each(CHECKS)('%s', async (way, failure, error) => {
    const heir = await stage.worker({ way });
    await expect(heir.ready()).rejects.toThrow();
    const [news] = await failures(1);
    expect(news!.stage).toBe(failure);
    expect(news!.error).toMatch(error);
    await servesOn();
    await heir.stop();
    if (failure === 'check') expect((await failures(1))[0]!.stage).toBe('exit');
  });
});

/** What has been heard by any process, with those that are told as lost. */
async function accounted(): Promise<Set<number>> {
  const lost = await stage.host.ask<number[]>('lost');
  return new Set([...stage.workers.flatMap((worker) => worker.heard().map(({ number }) => number)), ...lost]);
}

describe('a successor that breaks when it has its turn', () => {
  it.each(['throws at its first event', 'exits at its first event', 'crashes 100 ms after it was ready'])('is not followed by the one before, and all of it is told: it %s', async (way) => {
    const { vacancy } = await stage.news<'vacancy'>();
    const heir = await stage.worker({ way });
    await heir.ready();
    await emit(3);
    await heir.exited;
    await eventually('the vacancy', async () => (await stage.news<'vacancy'>()).vacancy.length, vacancy.length + 1);
    const last = await emit(2);
    holder = await stage.worker();
    await holder.ready();
    await finished(stage);
    expect((await accounted()).size).toBe(last);
    expect(holder.heard().at(-1)?.number).toBe(last);
  });
});

describe('an old one that cannot hand over does not keep its successor from its work', () => {
  it.each(['throws instead of handing over', 'hands over what cannot cross', 'never hands over'])('%s', async (way) => {
    const errors = await stage.host.ask<string[]>('errors');
    const old = await stage.worker({ way });
    await old.ready();
    await emit(5);
    holder = await stage.worker();
    expect(await holder.ready()).toBeNull();
    const last = await emit(5);
    await eventually('what the heir has heard', () => holder.heard().at(-1)?.number, last);
    await finished(stage);
    expect((await accounted()).size).toBe(last);
    expect(await stage.host.ask<string[]>('errors')).toHaveLength(errors.length + 1);
  });
});
