import { describe, expect, it } from 'vitest';
import { memoryPair } from '../../src/transports/memory.js';
import { conformance } from './conformance.js';
import type { Rig } from './conformance.js';
import { followOrders } from './far-side.js';
import type { Report } from './far-side.js';
import { Recorder } from './recorder.js';

function rig(): Rig {
  const [near, right] = memoryPair();
  const far = new Promise<Report>((resolve) => followOrders(right, resolve));
  return { near, far, dispose: () => near.destroy() };
}

conformance('memory', rig);

describe('memoryPair', () => {
  it('delivers when the scheduler says so, in order even if the scheduler has none', async () => {
    const deliveries: (() => void)[] = [];
    const [left, right] = memoryPair((deliver) => deliveries.push(deliver));
    const receiver = Recorder.open(right);
    for (const frame of ['1', '2', '3']) left.send(frame);
    await Promise.resolve();
    expect(receiver.frames).toEqual([]);
    for (const deliver of deliveries.reverse()) deliver();
    expect(receiver.frames).toEqual(['1', '2', '3']);
  });
});
