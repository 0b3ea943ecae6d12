import type { MessagePort, Worker } from 'node:worker_threads';
import { disconnected } from '../errors.js';
import { ChannelTransport } from './channel.js';
import type { Channel } from './channel.js';
import type { Envelope } from './envelope.js';
import type { Transport } from './transport.js';

/** A worker seen from outside, `parentPort` seen from within, or either end of a `MessageChannel`. */
export type PortTarget = Worker | MessagePort;

/** Of the two, only a worker has a number. */
function isWorker(target: PortTarget): target is Worker {
  return 'threadId' in target;
}

/** Frames between threads, or between any two places that share a `MessageChannel`. */
export function portTransport(target: PortTarget): Transport {
  return new ChannelTransport(new PortChannel(target));
}

/** What a Worker and a MessagePort have in common, although their types do not say so. */
interface Emitting {
  on(event: string, listener: (value: unknown) => void): unknown;
  off(event: string, listener: (value: unknown) => void): unknown;
}

export class PortChannel implements Channel {
  readonly name: string;
  readonly target: PortTarget;
  #bell: Int32Array | undefined;

  constructor(target: PortTarget) {
    this.target = target;
    this.name = isWorker(target) ? `worker:${target.threadId}` : 'port';
  }

  hang(bell: Int32Array): void {
    this.#bell = bell;
    this.#ring();
  }

  #ring(): void {
    if (this.#bell === undefined) return;
    Atomics.add(this.#bell, 0, 1);
    Atomics.notify(this.#bell, 0);
  }

  post(envelope: Envelope): void {
    this.#post(envelope);
    this.#ring();
  }

  #post(envelope: Envelope): void {
    if (envelope.dynobot !== 'frame' || typeof envelope.frame === 'string') return this.target.postMessage(envelope);
    // One copy, then handed over. The original may be a window on Node's pool: to transfer that would detach the
    // buffers of others, and to clone it would show them to the other side.
    const frame = new Uint8Array(envelope.frame);
    this.target.postMessage({ ...envelope, frame }, [frame.buffer]);
  }

  listen(heard: (message: unknown) => void, gone: (error?: Error) => void): () => void {
    const target = this.target as Emitting;
    const onEnd = (): void => gone(disconnected(`${this.name} has gone`));
    const ends = isWorker(this.target) ? 'exit' : 'close';
    target.on('message', heard);
    target.on(ends, onEnd);
    if (hasExited(this.target)) queueMicrotask(onEnd);
    return () => {
      target.off('message', heard);
      target.off(ends, onEnd);
    };
  }

  ref(): void {
    this.target.ref();
  }

  unref(): void {
    this.target.unref();
  }
}

function hasExited(target: PortTarget): boolean {
  return isWorker(target) && target.threadId === -1;
}
