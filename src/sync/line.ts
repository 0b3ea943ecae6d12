import { writeSync } from 'node:fs';
import { MessageChannel, receiveMessageOnPort, Worker, type MessagePort } from 'node:worker_threads';
import { CODES, disconnected, DynobotError, limitError, type ErrorCode } from '../errors.js';
import { encodeFrame, FrameDecoder } from '../transports/frames.js';
import { HIGH_WATER, type Frame, type TransportReceiver } from '../transports/transport.js';
import type { ThreadData } from './line-thread.js';
import { standStill } from './stand-still.js';
import { AT, filled, GATE, makeShared, RING_BYTES, STATE, type FromThread, type Shared, type ThreadError, type ToThread } from './shared.js';
import type { BlockingTransport } from './transport.js';

/** The thread's code is beside this file: in TypeScript, where this is. */
const THREAD = new URL(`./line-thread.${import.meta.url.endsWith('.ts') ? 'ts' : 'js'}`, import.meta.url);

/**
 * A socket whose frames can be waited for. A thread of its own reads it into a ring, from which both a client that stands
 * still and its event loop take what is there. What the client sends it writes to the socket itself, as long as that takes it.
 */
export class Line implements BlockingTransport {
  name = 'unix';
  came: (() => void) | undefined;
  /** Of this user alone. */
  readonly isPrivate = process.platform !== 'win32';
  readonly #shared: Shared = makeShared();
  readonly #numbers = this.#shared.numbers;
  readonly #port: MessagePort;
  readonly #decoder: FrameDecoder;
  #receiver: TransportReceiver | undefined;
  #error: Error | undefined;
  #ending = false;
  #over = false;

  /** Dials, and stands still until that is done. @throws what `connect()` throws */
  constructor(address: string, { maxFrameBytes, timeout }: { maxFrameBytes: number; timeout: number }) {
    const { port1, port2 } = new MessageChannel();
    this.#port = port1;
    this.#decoder = new FrameDecoder({ frame: (frame) => this.#frame(frame) }, (error) => this.destroy(error), maxFrameBytes);
    const data: ThreadData = { ...this.#shared, address, port: port2 };
    const worker = new Worker(THREAD, { workerData: data, transferList: [port2], ...(THREAD.pathname.endsWith('.ts') ? {} : { execArgv: [] }) });
    worker.unref();
    worker.on('error', (error) => this.#told({ tells: 'over', error: { code: undefined, message: error.message } }));
    this.#dial(timeout);
    port1.on('message', (message: FromThread) => this.#heard(message));
  }

  #dial(timeout: number): void {
    const deadline = performance.now() + timeout;
    while (Atomics.load(this.#numbers, AT.state) === STATE.dialling) {
      const left = deadline - performance.now();
      if (left <= 0) throw limitError('HANDSHAKE', `the host was not reached within ${timeout} ms (limits.handshake)`);
      standStill(this.#numbers, AT.state, STATE.dialling, left);
    }
    this.#messages();
    if (this.#error !== undefined) throw this.#error;
  }

  get buffered(): number {
    return this.#over ? 0 : Atomics.load(this.#numbers, AT.queued);
  }

  open(receiver: TransportReceiver): void {
    this.#receiver = receiver;
  }

  take(ms: number): boolean {
    if (this.#over) return true;
    const deadline = performance.now() + ms;
    for (;;) {
      const seen = Atomics.load(this.#numbers, AT.written);
      if (this.#drain()) return true;
      if (this.#isOver()) return this.#finish();
      const left = deadline - performance.now();
      if (left <= 0) return false;
      standStill(this.#numbers, AT.written, seen, left);
    }
  }

  send(frame: Frame): void {
    if (this.#ending || this.#over) return;
    const bytes = encodeFrame(frame);
    const written = this.buffered === 0 ? this.#write(bytes) : 0;
    if (written === bytes.length) return;
    const rest = bytes.subarray(written);
    Atomics.add(this.#numbers, AT.queued, rest.length);
    this.#post(rest);
  }

  close(): void {
    if (this.#ending || this.#over) return;
    this.#ending = true;
    this.#post('end');
  }

  destroy(error?: Error): void {
    this.#error ??= error;
    this.#ending = true;
    this.#post('destroy');
  }

  ref(): void {
    this.#port.ref();
  }

  unref(): void {
    this.#port.unref();
  }

  /** Returns how much the socket has taken. */
  #write(bytes: Uint8Array): number {
    const descriptor = Atomics.load(this.#numbers, AT.descriptor);
    if (descriptor < 0 || Atomics.compareExchange(this.#numbers, AT.gate, GATE.free, GATE.writing) !== GATE.free) return 0;
    try {
      return writeSync(descriptor, bytes);
    } catch {
      // It is full, or broken: then the thread will find that out.
      return 0;
    } finally {
      Atomics.store(this.#numbers, AT.gate, GATE.free);
    }
  }

  #post(message: ToThread): void {
    this.#port.postMessage(message);
  }

  /** Hands in what is in the ring. Returns whether a frame was. */
  #drain(): boolean {
    let any = false;
    for (let bytes = filled(this.#shared); bytes > 0; bytes = filled(this.#shared)) {
      const at = (Atomics.load(this.#numbers, AT.read) >>> 0) % RING_BYTES;
      // A copy, since the other thread goes on writing.
      const chunk = Buffer.from(this.#shared.ring.subarray(at, Math.min(RING_BYTES, at + bytes)));
      Atomics.add(this.#numbers, AT.read, chunk.length);
      if (Atomics.load(this.#numbers, AT.full) === 1) this.#post('more');
      this.#framed = false;
      if (!this.#ending) this.#decoder.push(chunk);
      any ||= this.#framed;
    }
    return any;
  }

  #framed = false;

  #frame(frame: Frame): void {
    this.#framed = true;
    if (!this.#ending) this.#receiver?.frame(frame);
  }

  #isOver(): boolean {
    return Atomics.load(this.#numbers, AT.state) === STATE.over;
  }

  /** The event loop is woken by what the thread tells. */
  #heard(message: FromThread): void {
    if (message.tells === 'data') Atomics.store(this.#numbers, AT.told, 0);
    this.#told(message);
    if (this.#over || this.#receiver === undefined) return;
    this.#drain();
    this.came?.();
    if (!this.#over && this.#isOver()) this.#finish();
  }

  #told(message: FromThread): void {
    if (message.tells === 'connected') this.name = message.name;
    else if (message.tells === 'over') this.#error ??= message.error && errorOf(message.error);
    else if (message.tells === 'drained' && this.buffered < HIGH_WATER) this.#receiver?.drained();
  }

  /** What the thread has told and the event loop has not heard yet. */
  #messages(): void {
    for (let next = receiveMessageOnPort(this.#port); next !== undefined; next = receiveMessageOnPort(this.#port)) {
      const message = next.message as FromThread;
      if (message.tells === 'data') Atomics.store(this.#numbers, AT.told, 0);
      this.#told(message);
    }
  }

  #finish(): true {
    if (this.#over) return true;
    this.#messages();
    this.#over = true;
    this.#port.close();
    const cut = !this.#ending && this.#error === undefined && this.#decoder.partial;
    this.#receiver?.closed(cut ? disconnected(`${this.name} ended in the middle of a frame`) : this.#error);
    return true;
  }
}

/** The thread's error as one of this thread. */
function errorOf({ code, message, cause }: ThreadError): Error {
  const options = cause === undefined ? undefined : { cause: Object.assign(new Error(cause.message), { code: cause.code }) };
  if (code !== undefined && Object.hasOwn(CODES, code)) return new DynobotError(code as ErrorCode, message, options);
  return Object.assign(new Error(message, options), { code });
}
