import { afterEach, describe, expect, it } from 'vitest';
import { showSharing } from './show/sharing.js';
import { finished } from './show/turns.js';
import { Stage } from './show/workers.js';

let stage: Stage;
afterEach(() => stage.close());

// The full form is `npm run soak:roles`.
const EVENTS = 4000;

describe('four processes in one role, one of which is killed in the middle', () => {
  it('take each event once, or it is told as lost', async () => {
    stage = await Stage.open();
    const { shares, reported, moved: _, ...shown } = await showSharing(stage, EVENTS);
    expect(shown).toEqual({ emitted: EVENTS, silent: 0, twice: 0 });
    expect(Math.min(...shares)).toBeGreaterThan(0);
    expect(reported).toBeLessThan(EVENTS / 4);
  });

  it('lose none of them, if they are to be given at least once', async () => {
    stage = await Stage.open({ redelivery: 'at-least-once' });
    expect(await showSharing(stage, EVENTS)).toMatchObject({ emitted: EVENTS, silent: 0, reported: 0 });
  });

  it('keep each key with its process as long as that lives', async () => {
    stage = await Stage.open({ sticky: true });
    expect(await showSharing(stage, EVENTS)).toMatchObject({ emitted: EVENTS, silent: 0, twice: 0, moved: 0 });
  });
});

describe('a process that does not listen for a while', () => {
  it('is stood in for by one and the same, key by key, and has its keys again afterwards', async () => {
    stage = await Stage.open({ sticky: true });
    const workers = await Promise.all(Array.from({ length: 4 }, (_, i) => stage.worker({ instance: i + 1 })));
    await Promise.all(workers.map((worker) => worker.ready()));
    const deaf = workers[0]!;
    const before = await ownersOf(stage);
    await deaf.ask('deafen');
    const during = await ownersOf(stage);
    await deaf.ask('listen');
    const after = await ownersOf(stage);
    for (const [key, owners] of before) {
      expect(owners).toHaveLength(1);
      expect(during.get(key)).toHaveLength(1);
      if (owners[0] !== deaf.name) expect(during.get(key)).toEqual(owners);
      expect(after.get(key)).toEqual(owners);
    }
    expect([...before.values()].filter(([owner]) => owner === deaf.name).length).toBeGreaterThan(5);
    expect([...during.values()].flat()).not.toContain(deaf.name);
  });
});

it('what waits for a process that listens no more goes to one that does', async () => {
  stage = await Stage.open({ sticky: true, ahead: 1 });
  const busy = await stage.worker({ instance: 1, busy: 400 });
  const idle = await stage.worker({ instance: 2 });
  await Promise.all([busy.ready(), idle.ready()]);
  await stage.host.ask('emit', 97);
  await busy.ask('deafen');
  await finished(stage);
  const heard = [...busy.heard(), ...idle.heard()].map(({ number }) => number);
  expect(heard.sort((a, b) => a - b)).toEqual(Array.from({ length: 97 }, (_, i) => i + 1));
  expect((await stage.host.inspect()).roles[0]!.dropped).toEqual([]);
});

/** Which processes hear of each key now. */
async function ownersOf(stage: Stage): Promise<Map<number, string[]>> {
  const first = await stage.host.ask<number>('emitted');
  await stage.host.ask('emit', 970);
  await finished(stage);
  const owners = new Map<number, string[]>();
  for (const worker of stage.workers) {
    for (const { number, key } of worker.heard()) {
      if (number <= first) continue;
      const known = owners.get(key) ?? [];
      if (!known.includes(worker.name)) owners.set(key, [...known, worker.name]);
    }
  }
  return owners;
}
