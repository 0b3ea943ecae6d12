import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { HIGH_WATER } from '../../src/transports/transport.js';
import type { Transport } from '../../src/transports/transport.js';
import { order } from './far-side.js';
import type { Report } from './far-side.js';
import { Recorder } from './recorder.js';
import { firstDifference, MiB, patterned, samples } from './samples.js';

/** One transport under test, and the end that follows orders (far-side.ts). */
export interface Rig {
  readonly near: Transport;
  /** What the far side has seen; resolves when its transport has closed. */
  readonly far: Promise<Report>;
  dispose(): void | Promise<void>;
}

export interface Traits {
  /** The far side can be killed without ending this process. */
  readonly mortal?: boolean;
}

/** What every transport must keep to. */
export function conformance(name: string, build: () => Rig | Promise<Rig>, traits: Traits = {}): void {
  let rig: Rig | undefined;
  const made = async (): Promise<Rig> => (rig = await build());
  afterEach(async () => {
    await rig?.dispose();
    rig = undefined;
  });

  describe(`${name}: frames`, () => frameTests(made));
  describe(`${name}: the end`, () => endTests(made));
  describe(`${name}: backpressure`, () => backpressureTests(made));
  describe.runIf(traits.mortal)(`${name}: death`, () => deathTests(made));
}

type Made = () => Promise<Rig>;

/** Long enough for a second `closed` to show up, were there one. */
const settled = (): Promise<void> => delay(30);

function frameTests(made: Made): void {
  it('keeps 10,000 mixed frames whole and in order, both ways', async () => {
    const { near } = await made();
    const receiver = Recorder.open(near);
    const sent = samples(10_000);
    for (const frame of sent) near.send(frame);
    await receiver.received(sent.length);
    expect(firstDifference(receiver.frames, sent)).toBeUndefined();
  });

  it('delivers what was sent and what arrived before open, and never from within open', async () => {
    const { near } = await made();
    near.send(order.send(100));
    await delay(100);
    const receiver = Recorder.open(near);
    expect(receiver.frames).toEqual([]);
    await receiver.received(100);
    expect(firstDifference(receiver.frames, samples(100))).toBeUndefined();
  });

  it('carries big frames', async () => {
    const { near } = await made();
    const receiver = Recorder.open(near);
    const sent = [patterned(8 * MiB), JSON.stringify('é🤖x'.repeat(2 * MiB)), 'small'];
    for (const frame of sent) near.send(frame);
    await receiver.received(sent.length);
    expect(firstDifference(receiver.frames, sent)).toBeUndefined();
  });

  it('tells empty text from empty bytes', async () => {
    const { near } = await made();
    const receiver = Recorder.open(near);
    for (const frame of ['', new Uint8Array(0), '', new Uint8Array(0)]) near.send(frame);
    await receiver.received(4);
    expect(receiver.frames).toEqual(['', new Uint8Array(0), '', new Uint8Array(0)]);
  });

  it('hands over bytes that share memory with nothing, and leaves the sent ones alone', async () => {
    const { near } = await made();
    const receiver = Recorder.open(near);
    const pooled = Buffer.from('from the pool');
    const neighbour = Buffer.from('its neighbour');
    near.send(pooled);
    near.send(neighbour.subarray(4));
    await receiver.received(2);
    for (const frame of receiver.frames as Uint8Array[]) expect(frame.buffer.byteLength).toBe(frame.byteLength);
    expect(receiver.frames.map((frame) => Buffer.from(frame as Uint8Array).toString())).toEqual(['from the pool', 'neighbour']);
    expect([pooled.toString(), neighbour.toString()]).toEqual(['from the pool', 'its neighbour']);
  });

  it('has a name', async () => {
    const { near } = await made();
    expect(near.name).toMatch(/^[a-z]+/);
  });
}

function endTests(made: Made): void {
  it('close sends what is queued, then ends both sides in good order', async () => {
    const { near, far } = await made();
    const receiver = Recorder.open(near);
    near.send(order.hush);
    for (let i = 0; i < 2_000; i += 1) near.send(`"${i}"`);
    near.send(patterned(8 * MiB));
    near.close();
    near.send('too late');
    expect(receiver.isClosed).toBe(false);
    expect(await far).toMatchObject({ frames: 2_001, closings: 1, error: null });
    await receiver.ended();
    await settled();
    expect(receiver.closings).toEqual([undefined]);
  });

  it('tells of the other side\'s close after the last frame', async () => {
    const { near, far } = await made();
    const receiver = Recorder.open(near);
    near.send(order.send(500));
    near.send(order.sendBytes(2 * MiB));
    near.send(order.close);
    await receiver.ended();
    expect(firstDifference(receiver.frames, [...samples(500), patterned(2 * MiB), 'last'])).toBeUndefined();
    await far;
    await settled();
    expect(receiver.closings).toEqual([undefined]);
  });

  it('delivers what waits before a close that came before open', async () => {
    const { near } = await made();
    near.send(order.send(10));
    near.send(order.close);
    await delay(100);
    const receiver = Recorder.open(near);
    await receiver.ended();
    expect(firstDifference(receiver.frames, [...samples(10), 'last'])).toBeUndefined();
    expect(receiver.closings).toEqual([undefined]);
  });

  it('drops what arrives after close', async () => {
    const { near } = await made();
    const receiver = Recorder.open(near);
    near.send(order.send(50));
    near.close();
    await receiver.ended();
    await settled();
    expect(receiver.frames).toEqual([]);
  });

  it('destroy ends at once, tells the error here, and ends the other side', async () => {
    const { near, far } = await made();
    const receiver = Recorder.open(near);
    near.send('"answer me"');
    await receiver.received(1);
    const reason = new Error('reason');
    near.destroy(reason);
    expect(receiver.isClosed).toBe(false);
    await receiver.ended();
    expect((await far).closings).toBe(1);
    await settled();
    expect(receiver.closings).toEqual([reason]);
  });

  it('destroy without an error is an orderly end here', async () => {
    const { near } = await made();
    const receiver = Recorder.open(near);
    near.destroy();
    await receiver.ended();
    expect(receiver.closings).toEqual([undefined]);
  });

  it('tells of the other side\'s destroy', async () => {
    const { near } = await made();
    const receiver = Recorder.open(near);
    near.send(order.destroy);
    await receiver.ended();
    await settled();
    expect(receiver.closings).toHaveLength(1);
  });

  it('tells closed once, however often and in whatever way it is ended', async () => {
    const { near } = await made();
    const receiver = Recorder.open(near);
    near.send(order.close);
    near.close();
    near.close();
    near.destroy(new Error('in addition'));
    near.destroy();
    near.close();
    near.send('nothing');
    await receiver.ended();
    near.destroy(new Error('still'));
    near.close();
    await settled();
    expect(receiver.closings).toHaveLength(1);
  });

  it('survives both sides closing at the same time', async () => {
    const { near, far } = await made();
    const receiver = Recorder.open(near);
    near.send(order.close);
    near.close();
    await receiver.ended();
    expect(await far).toMatchObject({ closings: 1, error: null });
    expect(receiver.closings).toEqual([undefined]);
  });

  it('tells of an end that came before open', async () => {
    const { near } = await made();
    near.destroy();
    await settled();
    const receiver = Recorder.open(near);
    expect(receiver.isClosed).toBe(false);
    await receiver.ended();
    expect(receiver.closings).toEqual([undefined]);
  });

  it('can be ended by its receiver, in the middle of a burst', async () => {
    const { near } = await made();
    const receiver = new Recorder();
    const take = receiver.frame.bind(receiver);
    receiver.frame = (frame) => {
      take(frame);
      if (receiver.frames.length === 3) near.destroy();
    };
    near.open(receiver);
    near.send(order.send(1_000));
    await receiver.ended();
    await settled();
    expect(receiver.frames).toHaveLength(3);
  });
}

function backpressureTests(made: Made): void {
  it('counts what is queued, and tells when it has drained', async () => {
    const { near } = await made();
    const receiver = Recorder.open(near);
    near.send(order.hush);
    near.send(order.block(100));
    const text = JSON.stringify('x'.repeat(MiB));
    for (let i = 0; i < 8; i += 1) near.send(i % 2 === 0 ? text : patterned(MiB));
    expect(near.buffered).toBeGreaterThanOrEqual(HIGH_WATER);
    expect(receiver.drains).toBe(0);
    await receiver.until(() => receiver.drains > 0);
    expect(near.buffered).toBeLessThan(HIGH_WATER);
  });

  it('has nothing queued at first, and after the end', async () => {
    const { near } = await made();
    expect(near.buffered).toBe(0);
    const receiver = Recorder.open(near);
    near.send(order.block(50));
    for (let i = 0; i < 8; i += 1) near.send(patterned(MiB));
    near.destroy();
    await receiver.ended();
    expect(near.buffered).toBe(0);
  });
}

function deathTests(made: Made): void {
  it('tells of the other side\'s death at once, and once', async () => {
    const { near } = await made();
    const receiver = Recorder.open(near);
    near.send('"are you there?"');
    await receiver.received(1);
    const start = performance.now();
    near.send(order.die);
    await receiver.ended();
    expect(performance.now() - start).toBeLessThan(1_000);
    near.send('into the void');
    await settled();
    expect(receiver.closings).toHaveLength(1);
  });
}
