import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { encodeFrame } from '../../src/transports/frames.js';
import { SocketTransport } from '../../src/transports/socket.js';
import { conformance } from './conformance.js';
import type { Rig } from './conformance.js';
import { followOrders } from './far-side.js';
import type { Report } from './far-side.js';
import { Recorder } from './recorder.js';
import { firstDifference, MiB, patterned, samples } from './samples.js';

/** Two ends of one real socket. */
async function socketPair(where: string | number): Promise<{ near: Socket; far: Socket; server: Server }> {
  const server = createServer().listen(where);
  await once(server, 'listening');
  const address = server.address();
  const near = typeof address === 'string' ? connect(address) : connect(address?.port ?? 0, '127.0.0.1');
  const [far] = (await once(server, 'connection')) as [Socket];
  return { near, far, server };
}

async function rig(where: string | number): Promise<Rig> {
  const { near, far, server } = await socketPair(where);
  const report = new Promise<Report>((resolve) => followOrders(new SocketTransport(far), resolve));
  return {
    near: new SocketTransport(near),
    far: report,
    dispose() {
      near.destroy();
      far.destroy();
      server.close();
    },
  };
}

const directory = mkdtempSync(join(tmpdir(), 'dynobot-test-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));

conformance('unix socket', () => rig(join(directory, 's')));
conformance('TCP socket', () => rig(0));

describe('a socket', () => {
  let near: Socket;
  let far: Socket;
  let server: Server;
  beforeEach(async () => ({ near, far, server } = await socketPair(join(directory, 's'))));
  afterEach(() => {
    near.destroy();
    far.destroy();
    server.close();
  });

  it('ends when the other side has only closed its half', async () => {
    const receiver = Recorder.open(new SocketTransport(near));
    far.end(encodeFrame('last'));
    await receiver.ended();
    expect([receiver.frames, receiver.closings]).toEqual([['last'], [undefined]]);
    expect(near.destroyed).toBe(true);
  });

  it('tells of a frame that was cut off', async () => {
    for (const frame of ['text', patterned(10)]) {
      const { near: left, far: right, server: door } = await socketPair(join(directory, 'cut'));
      const receiver = Recorder.open(new SocketTransport(left));
      right.end(encodeFrame(frame).subarray(0, -1));
      await receiver.ended();
      expect(receiver.frames).toEqual([]);
      expect(receiver.closings[0]?.message).toContain('in the middle of a frame');
      door.close();
    }
  });

  it('tells of a broken connection once, with what broke it', async () => {
    const receiver = Recorder.open(new SocketTransport(near));
    near.destroy(Object.assign(new Error('reset'), { code: 'ECONNRESET' }));
    await receiver.ended();
    expect(receiver.closings).toMatchObject([{ code: 'ECONNRESET' }]);
  });

  it('tells of it once when it writes to a side that has gone', async () => {
    const transport = new SocketTransport(near);
    const receiver = Recorder.open(transport);
    far.destroy();
    for (let i = 0; i < 10; i += 1) {
      transport.send(patterned(MiB));
      await new Promise(setImmediate);
    }
    await receiver.ended();
    expect(receiver.closings).toHaveLength(1);
  });

  it('that was paused by who looked at its beginning flows again', async () => {
    far.write('token\n');
    await once(near, 'readable');
    expect(String(near.read())).toBe('token\n');
    near.pause();
    far.write(encodeFrame('[]'));
    const receiver = Recorder.open(new SocketTransport(near));
    await receiver.until(() => receiver.frames.length > 0);
    expect(receiver.frames).toEqual(['[]']);
  });

  it('that is destroyed already is a closed transport', async () => {
    near.destroy();
    await once(near, 'close');
    const transport = new SocketTransport(near);
    transport.send('nowhere');
    const receiver = Recorder.open(transport);
    await receiver.ended();
    expect(receiver.closings).toEqual([undefined]);
  });

  it('ends with ERR_DYNOBOT_LIMIT_FRAME when a frame is too big', async () => {
    const receiver = Recorder.open(new SocketTransport(near, { maxFrameBytes: 1000 }));
    const other = Recorder.open(new SocketTransport(far));
    far.write(encodeFrame(patterned(1000)));
    far.write(encodeFrame(patterned(1001)));
    await Promise.all([receiver.ended(), other.ended()]);
    expect(receiver.frames).toHaveLength(1);
    expect(receiver.closings).toMatchObject([{ code: 'ERR_DYNOBOT_LIMIT_FRAME' }]);
  });

  it('sends the bytes and the text of a tick in one write, without a copy', async () => {
    const bytes = patterned(MiB);
    const written: unknown[][] = [];
    const stream = new Duplex({
      read() {},
      write(chunk, _encoding, done) {
        written.push([chunk]);
        done();
      },
      writev(chunks, done) {
        written.push(chunks.map(({ chunk }) => chunk));
        done();
      },
    });
    const transport = new SocketTransport(stream);
    transport.send(bytes);
    transport.send('"about them"');
    await new Promise(setImmediate);
    expect(written).toHaveLength(1);
    const [header, body, text] = written[0] as [Uint8Array, Uint8Array, Uint8Array];
    expect([header.length, body.buffer === bytes.buffer, Buffer.from(text).toString()]).toEqual([5, true, '"about them"\n']);
  });

  it('does not wait for ever for a side that does not end', async () => {
    const receiver = Recorder.open(new SocketTransport(near));
    const transport = new SocketTransport(far);
    const closing = Recorder.open(transport);
    near.pause();
    transport.send('queued');
    transport.close();
    await closing.ended();
    expect(closing.closings).toEqual([undefined]);
    near.resume();
    await receiver.ended();
    expect(receiver.frames).toEqual(['queued']);
  });

  it('is fed at any rate', async () => {
    const receiver = Recorder.open(new SocketTransport(near));
    const sent = samples(60);
    for (const frame of sent) {
      for (const byte of encodeFrame(frame).subarray(0, 200)) far.write(Uint8Array.of(byte));
      far.write(encodeFrame(frame).subarray(200));
    }
    await receiver.received(sent.length);
    expect(firstDifference(receiver.frames, sent)).toBeUndefined();
  });
});
