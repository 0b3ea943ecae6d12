import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { PassThrough, Readable } from 'node:stream';
import { MessageChannel, Worker } from 'node:worker_threads';
import { describe, expect, it } from 'vitest';
import { memoryPair } from '../../src/transports/memory.js';
import { toTransport } from '../../src/transports/target.js';
import { start, stop } from './processes.js';

const refused = expect.objectContaining({ code: 'ERR_DYNOBOT_ARGUMENT' });

describe('toTransport', () => {
  it('knows a forked child', async () => {
    const child = start('ipc-child');
    expect(toTransport(child).name).toBe(`ipc:${child.pid}`);
    await stop(child);
  });

  it('knows a worker, and either kind of port', async () => {
    const worker = new Worker('', { eval: true });
    expect(toTransport(worker).name).toBe(`worker:${worker.threadId}`);
    await worker.terminate();
    for (const { port1 } of [new MessageChannel(), new globalThis.MessageChannel()]) {
      expect(toTransport(port1 as InstanceType<typeof MessageChannel>['port1']).name).toBe('port');
      port1.close();
    }
  });

  it('knows a stream of bytes', () => {
    expect(toTransport(new PassThrough()).name).toBe('socket');
  });

  it('takes a transport as it is', () => {
    const [transport] = memoryPair();
    expect(toTransport(transport)).toBe(transport);
  });

  it('refuses everything else', () => {
    for (const odd of [null, undefined, 1, 'bot', {}, Readable.from([])]) {
      expect(() => toTransport(odd as never)).toThrow(refused);
    }
  });

  it('refuses streams that do not carry bytes', () => {
    expect(() => toTransport(new PassThrough({ objectMode: true }))).toThrow(refused);
    expect(() => toTransport(new PassThrough({ encoding: 'utf8' }))).toThrow(refused);
  });

  it('refuses a child without an IPC channel, and says how to make one', async () => {
    const child = spawn(process.execPath, ['-e', '']);
    expect(() => toTransport(child)).toThrow(/fork\(\)/);
    await once(child, 'exit');
  });
});
