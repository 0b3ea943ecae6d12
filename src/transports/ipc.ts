import type { ChildProcess } from 'node:child_process';
import { disconnected } from '../errors.js';
import { ChannelTransport } from './channel.js';
import type { Channel } from './channel.js';
import type { Envelope } from './envelope.js';
import type { Transport } from './transport.js';

/** A child with an IPC channel, seen from its parent; or this process, seen as the child of its own parent. */
export type IpcTarget = ChildProcess | NodeJS.Process;

/** Frames over the IPC channel of a forked process, at either end of it and with either serialization. */
export function ipcTransport(target: IpcTarget): Transport {
  return new ChannelTransport(new IpcChannel(target));
}

/**
 * With `serialization: 'advanced'` bytes cross as they are, ten times faster than as base64 in JSON. But neither end can
 * ask which serialization it has. So each sends bytes as base64 until it has seen bytes arrive as bytes: first those
 * of `probe`.
 */
type OnTheWire = { readonly dynobot: 'base64'; readonly base64: string } | { readonly dynobot: 'probe'; readonly probe: Uint8Array };

class IpcChannel implements Channel {
  readonly name: string;
  readonly target: IpcTarget;
  #carriesBytes = false;
  #refs = false;

  constructor(target: IpcTarget) {
    this.target = target;
    this.name = target === process ? `ipc:parent ${process.ppid}` : `ipc:${target.pid}`;
  }

  post(envelope: Envelope): void {
    const isBytes = envelope.dynobot === 'frame' && typeof envelope.frame !== 'string';
    this.#send(isBytes && !this.#carriesBytes ? inBase64(envelope.frame) : envelope);
  }

  listen(heard: (message: unknown) => void, gone: (error?: Error) => void): () => void {
    const target: NodeJS.EventEmitter = this.target;
    const onMessage = (message: unknown): void => heard(this.#unpacked(message));
    const onDisconnect = (): void => gone(disconnected(`${this.name} has gone`));
    target.on('message', onMessage);
    // Not 'exit': that may come while the pipe still holds messages. This comes after the last one.
    target.on('disconnect', onDisconnect);
    if (this.target.connected) this.#send({ dynobot: 'probe', probe: new Uint8Array(1) });
    else queueMicrotask(onDisconnect);
    return () => {
      target.off('message', onMessage);
      target.off('disconnect', onDisconnect);
      this.#letGo();
    };
  }

  ref(): void {
    this.#refs = true;
    this.target.channel?.ref();
  }

  unref(): void {
    this.#refs = false;
    this.target.channel?.unref();
  }

  #send(message: Envelope | OnTheWire): void {
    // Without a callback a failure would be an 'error' event of the process object. 'disconnect' tells what matters.
    if (this.target.connected) this.target.send?.(message, undefined, undefined, () => {});
  }

  #unpacked(message: unknown): unknown {
    if (typeof message !== 'object' || message === null) return message;
    if ('probe' in message && message.probe instanceof Uint8Array) this.#carriesBytes = true;
    if ('base64' in message && typeof message.base64 === 'string') return frameOf(Buffer.from(message.base64, 'base64'));
    // Node's array is a window on the message, or on several: the receiver gets one that is its own.
    return 'frame' in message && message.frame instanceof Uint8Array ? frameOf(message.frame) : message;
  }

  /** A child's channel keeps it alive while somebody listens, as Node counts, until `ref` overrules that count. */
  #letGo(): void {
    if (this.target === process && this.#refs && process.listenerCount('message') === 0) process.channel?.unref();
  }
}

function inBase64(bytes: Uint8Array): OnTheWire {
  return { dynobot: 'base64', base64: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64') };
}

function frameOf(bytes: Uint8Array): Envelope {
  return { dynobot: 'frame', frame: new Uint8Array(bytes) };
}
