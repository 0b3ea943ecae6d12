import { afterEach, describe, expect, it } from 'vitest';
import { showSharing } from './show/sharing.js';
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
