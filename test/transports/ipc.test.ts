import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { ipcTransport } from '../../src/transports/ipc.js';
import { conformance } from './conformance.js';
import { order } from './far-side.js';
import type { Report } from './far-side.js';
import { exitOf, start, stop, told } from './processes.js';
import { Recorder } from './recorder.js';
import { firstDifference, MiB, patterned } from './samples.js';

for (const serialization of ['json', 'advanced'] as const) {
  conformance(`ipc, ${serialization}`, () => {
    const child = start('ipc-child', [], { serialization });
    return { near: ipcTransport(child), far: told<Report>(child, 'report'), dispose: () => stop(child) };
  }, { mortal: true });
}

describe('an IPC channel', () => {
  let child: ChildProcess | undefined;
  afterEach(() => child && stop(child));

  it('leaves the messages of others alone, and itself to them when it ends', async () => {
    child = start('ipc-child');
    const transport = ipcTransport(child);
    const receiver = Recorder.open(transport);
    const report = told<Report>(child, 'report');
    for (const odd of [null, 1, 'text', { dynobot: 'unknown' }, { dynobot: 'base64', base64: 3 }, { probe: 1 }]) child.send(odd as object);
    transport.send('ours');
    await receiver.received(1);
    expect(receiver.frames).toEqual(['ours']);
    transport.close();
    await receiver.ended();
    // What the child reports comes as a message of its own, over the channel that outlives the session.
    expect(await report).toMatchObject({ frames: 1, closings: 1 });
  });

  it('lets the child exit when the session has ended', async () => {
    child = start('ipc-child');
    const transport = ipcTransport(child);
    const receiver = Recorder.open(transport);
    transport.send(order.close);
    expect(await exitOf(child)).toBe(0);
    await receiver.ended();
    expect(receiver.frames).toEqual(['last']);
    expect(receiver.closings).toEqual([undefined]);
  });

  it('keeps what is sent for a side that begins later, the first time and again', async () => {
    child = start('ipc-child', ['later']);
    for (const frame of ['once', 'twice']) {
      const transport = ipcTransport(child);
      const receiver = Recorder.open(transport);
      transport.send(frame);
      child.send('begin');
      await receiver.received(1);
      expect(receiver.frames).toEqual([frame]);
      transport.close();
      await receiver.ended();
    }
  });

  it('carries one session at a time', () => {
    child = start('ipc-child');
    const running = child;
    ipcTransport(running);
    expect(() => ipcTransport(running)).toThrow(/already carries a session/);
  });

  it('that is disconnected already is a closed transport', async () => {
    child = start('ipc-child');
    child.disconnect();
    await once(child, 'disconnect');
    const transport = ipcTransport(child);
    transport.send('nowhere');
    const receiver = Recorder.open(transport);
    await receiver.ended();
    expect(receiver.closings[0]).toMatchObject({ code: 'ERR_DYNOBOT_DISCONNECTED' });
  });

  it('closes both ends when somebody disconnects it', async () => {
    child = start('ipc-child');
    const receiver = Recorder.open(ipcTransport(child));
    await once(child, 'message').catch(() => {});
    child.disconnect();
    await receiver.ended();
    expect(receiver.closings).toHaveLength(1);
    expect(await exitOf(child)).toBe(0);
  });

  it.each(['json', 'advanced'] as const)('sends the same bytes before and after it knows the serialization (%s)', async (serialization) => {
    child = start('ipc-child', [], { serialization });
    const transport = ipcTransport(child);
    const receiver = Recorder.open(transport);
    transport.send(patterned(1000));
    await receiver.received(1);
    transport.send(patterned(MiB));
    await receiver.received(2);
    expect(firstDifference(receiver.frames, [patterned(1000), patterned(MiB)])).toBeUndefined();
  });
});

describe('unref, in a child', () => {
  let child: ChildProcess;
  afterEach(() => stop(child));

  it.each(['unref', 'close'])('lets it exit (%s)', async (how) => {
    child = start('idle-client', ['ipc', '', how]);
    Recorder.open(ipcTransport(child));
    expect(await exitOf(child)).toBe(0);
  });

  it.each(['ref', 'ref-again'])('is what it takes (%s)', async (how) => {
    child = start('idle-client', ['ipc', '', how]);
    const receiver = Recorder.open(ipcTransport(child));
    await receiver.received(1);
    await delay(300);
    expect(child.exitCode).toBeNull();
  });
});
