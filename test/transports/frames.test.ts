import { describe, expect, it } from 'vitest';
import type { DynobotError } from '../../src/errors.js';
import { encodeFrame, FrameDecoder } from '../../src/transports/frames.js';
import type { Frame } from '../../src/transports/transport.js';
import { firstDifference, MiB, patterned, sample, TEXTS } from './samples.js';

function decoding(maxBytes?: number): { decoder: FrameDecoder; frames: Frame[]; errors: DynobotError[] } {
  const frames: Frame[] = [];
  const errors: DynobotError[] = [];
  return { decoder: new FrameDecoder({ frame: (frame) => void frames.push(frame) }, (error) => void errors.push(error), maxBytes), frames, errors };
}

function encoded(frames: readonly Frame[]): Buffer {
  return Buffer.concat(frames.map(encodeFrame));
}

const MIXED: Frame[] = [...TEXTS, new Uint8Array(0), patterned(300), new Uint8Array([0, 10, 0, 10]), 'x', patterned(1), '', 'end'];

describe('frames', () => {
  it('come out as they went in, however the stream is cut in two', () => {
    const stream = encoded(MIXED);
    for (let cut = 0; cut <= stream.length; cut += 1) {
      const { decoder, frames } = decoding();
      decoder.push(stream.subarray(0, cut));
      decoder.push(stream.subarray(cut));
      expect(firstDifference(frames, MIXED)).toBeUndefined();
      expect(decoder.partial).toBe(false);
    }
  });

  it('come out as they went in, in pieces of any size', () => {
    const sent = Array.from({ length: 400 }, (_, i) => sample(i));
    const stream = encoded(sent);
    for (const size of [1, 2, 3, 5, 7, 64, 1000, stream.length]) {
      const { decoder, frames } = decoding();
      for (let at = 0; at < stream.length; at += size) decoder.push(stream.subarray(at, at + size));
      expect(firstDifference(frames, sent)).toBeUndefined();
    }
  });

  it('work on plain arrays as they do on Buffers', () => {
    const { decoder, frames } = decoding();
    decoder.push(new Uint8Array(encoded(MIXED)));
    expect(firstDifference(frames, MIXED)).toBeUndefined();
  });

  it('know whether one has begun', () => {
    for (const [sent, left] of [['text', 1], [new Uint8Array(9), 1], [new Uint8Array(9), 12], [new Uint8Array(9), 9]] as const) {
      const { decoder } = decoding();
      const stream = encodeFrame(sent);
      decoder.push(stream.subarray(0, stream.length - left));
      expect(decoder.partial).toBe(true);
      decoder.push(stream.subarray(stream.length - left));
      expect(decoder.partial).toBe(false);
    }
  });

  it('make new arrays of bytes that share memory with nothing', () => {
    const { decoder, frames } = decoding();
    const stream = encoded([patterned(10), patterned(20)]);
    decoder.push(stream);
    stream.fill(0);
    expect(firstDifference(frames, [patterned(10), patterned(20)])).toBeUndefined();
    for (const frame of frames as Uint8Array[]) expect(frame.buffer.byteLength).toBe(frame.length);
  });

  it('turn broken UTF-8 into replacement characters', () => {
    const { decoder, frames } = decoding();
    decoder.push(Buffer.from([0xc3, 0x28, 0xff, 0xfe, 0x0a, 0xe2, 0x82, 0x0a]));
    expect(frames).toEqual(['\ufffd(\ufffd\ufffd', '\ufffd']);
  });

  it('cost time in proportion to their length, in however many pieces', () => {
    const time = (length: number): number => {
      const stream = encodeFrame('x'.repeat(length));
      const { decoder, frames } = decoding();
      const start = performance.now();
      for (let at = 0; at < stream.length; at += 64) decoder.push(stream.subarray(at, at + 64));
      expect(frames).toHaveLength(1);
      return performance.now() - start;
    };
    time(MiB);
    // Quadratic work would be 256 times as much; 80 leaves room for a busy machine.
    expect(time(16 * MiB)).toBeLessThan(80 * Math.max(1, time(MiB)));
  });
});

describe('the limit on frames', () => {
  const atLimit: Frame[] = ['x'.repeat(100), 'é'.repeat(50), patterned(100)];
  const over: Frame[] = ['x'.repeat(101), 'é'.repeat(51), patterned(101)];

  it.each(atLimit)('lets pass what has just that size', (frame) => {
    const { decoder, frames, errors } = decoding(100);
    decoder.push(encodeFrame(frame));
    expect([frames.length, errors]).toEqual([1, []]);
  });

  it.each(over)('refuses one byte more, whole or in pieces, and everything after it', (frame) => {
    for (const size of [1, 1000]) {
      const { decoder, frames, errors } = decoding(100);
      const stream = encoded(['before', frame, 'after']);
      for (let at = 0; at < stream.length; at += size) decoder.push(stream.subarray(at, at + size));
      expect(frames).toEqual(['before']);
      expect(errors.map((error) => error.code)).toEqual(['ERR_DYNOBOT_LIMIT_FRAME']);
    }
  });

  it('refuses text without end before it has all of it', () => {
    const { decoder, errors } = decoding(100);
    decoder.push(Buffer.alloc(101, 'x'));
    expect(errors).toHaveLength(1);
  });

  it('allocates nothing on the word of a liar', () => {
    const before = process.memoryUsage().arrayBuffers;
    const { decoder, errors } = decoding();
    decoder.push(Buffer.from([0, 0xff, 0xff, 0xff, 0xff]));
    expect(errors[0]?.message).toContain('4294967295');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(MiB);
  });
});
