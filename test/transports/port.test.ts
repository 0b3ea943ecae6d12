import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { MessageChannel, Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { portTransport } from '../../src/transports/port.js';
import { conformance } from './conformance.js';
import type { Rig } from './conformance.js';
import { followOrders, order } from './far-side.js';
import type { Report } from './far-side.js';
import { Recorder } from './recorder.js';

function channelRig(): Rig {
  const { port1, port2 } = new MessageChannel();
  const far = new Promise<Report>((resolve) => followOrders(portTransport(port2), resolve));
  return { near: portTransport(port1), far, dispose: () => port1.close() };
}

function startWorker(): Worker {
  const url = new URL('fixtures/worker.mjs', import.meta.url);
  return new Worker(url, { env: { ...process.env, FAR_SIDE_IS_A_THREAD: '1' } });
}

function workerRig(): Rig {
  const worker = startWorker();
  const far = new Promise<Report>((resolve) => {
    worker.on('message', (message) => 'report' in message && resolve(message.report));
  });
  return { near: portTransport(worker), far, dispose: () => worker.terminate().then(() => {}) };
}

conformance('MessageChannel', channelRig);
conformance('Worker', workerRig, { mortal: true });

describe('a port', () => {
  it('leaves the messages of others alone, and itself to them when it ends', async () => {
    const { port1, port2 } = new MessageChannel();
    const [left, right] = [portTransport(port1), portTransport(port2)];
    const receiver = Recorder.open(right);
    const foreign: unknown[] = [];
    port2.on('message', (message) => foreign.push(message));
    for (const odd of [null, 1, 'text', { dynobot: 'unknown' }, { dynobot: 'frame', frame: 3 }, { dynobot: 'taken', units: NaN }]) port1.postMessage(odd);
    left.send('ours');
    await receiver.received(1);
    expect(receiver.frames).toEqual(['ours']);
    left.close();
    await receiver.ended();
    port1.postMessage('still here');
    await once(port2, 'message');
    expect(foreign).toContain('still here');
    port1.close();
  });

  it('carries one session after the other, and never two at once', async () => {
    const { port1, port2 } = new MessageChannel();
    for (let round = 0; round < 3; round += 1) {
      const [left, right] = [portTransport(port1), portTransport(port2)];
      expect(() => portTransport(port1)).toThrow(/already carries a session/);
      const [near, far] = [Recorder.open(left), Recorder.open(right)];
      right.send('of the old session');
      left.destroy();
      await Promise.all([near.ended(), far.ended()]);
      await delay(5);
      expect(near.frames).toEqual([]);
    }
    port1.close();
  });

  it('tells when the port is closed, after what came before', async () => {
    const { port1, port2 } = new MessageChannel();
    const left = portTransport(port1);
    const receiver = Recorder.open(portTransport(port2));
    left.send('first');
    await receiver.received(1);
    left.send('last');
    port1.close();
    await receiver.ended();
    expect(receiver.frames).toEqual(['first', 'last']);
    expect(receiver.closings[0]).toMatchObject({ code: 'ERR_DYNOBOT_DISCONNECTED' });
  });

  it('gives up waiting for a side that never answers, and is free for one that comes later', async () => {
    const { port1, port2 } = new MessageChannel();
    port2.on('message', () => {});
    const transport = portTransport(port1);
    const receiver = Recorder.open(transport);
    transport.send('to nobody');
    transport.close();
    await receiver.ended();
    expect(receiver.closings).toEqual([undefined]);
    const second = portTransport(port1);
    second.send('to somebody');
    await delay(5);
    const late = Recorder.open(portTransport(port2));
    await late.received(1);
    expect(late.frames).toEqual(['to somebody']);
    port1.close();
  });
});

describe('a worker', () => {
  it('ends by itself when the session has ended', async () => {
    const worker = startWorker();
    const transport = portTransport(worker);
    const receiver = Recorder.open(transport);
    transport.send(order.close);
    await receiver.ended();
    const [code] = await once(worker, 'exit');
    expect(code).toBe(0);
  });

  it('that has exited is a closed transport', async () => {
    const worker = startWorker();
    await worker.terminate();
    const receiver = Recorder.open(portTransport(worker));
    await receiver.ended();
    expect(receiver.closings[0]).toMatchObject({ code: 'ERR_DYNOBOT_DISCONNECTED' });
  });
});
