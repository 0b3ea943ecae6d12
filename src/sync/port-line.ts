import { receiveMessageOnPort, type MessagePort } from 'node:worker_threads';
import { ChannelTransport } from '../transports/channel.js';
import { PortChannel } from '../transports/port.js';
import type { Frame, TransportReceiver } from '../transports/transport.js';
import { standStill } from './stand-still.js';
import type { BlockingTransport } from './transport.js';

/** Milliseconds between two looks, as long as the other thread has not rung. */
const UNRUNG = 1;

/** A port on which another thread serves: its messages can be waited for, since that thread rings a bell with each. */
export class PortLine implements BlockingTransport {
  came: (() => void) | undefined;
  readonly isPrivate = true;
  readonly #bell = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  readonly #channel: BellChannel;
  readonly #transport: ChannelTransport;
  /** What the transport has to tell after the code that runs now. */
  #soon: (() => void)[] = [];

  constructor(private readonly port: MessagePort) {
    this.#channel = new BellChannel(port, () => this.came?.());
    this.#transport = new ChannelTransport(this.#channel, (task) => {
      this.#soon.push(task);
      queueMicrotask(() => this.#tell());
    });
    this.#channel.post({ dynobot: 'bell', bell: this.#bell });
  }

  get name(): string {
    return this.#transport.name;
  }

  get buffered(): number {
    return this.#transport.buffered;
  }

  open(receiver: TransportReceiver): void {
    this.#transport.open(receiver);
  }

  take(ms: number): boolean {
    const deadline = performance.now() + ms;
    for (;;) {
      const rung = Atomics.load(this.#bell, 0);
      if (this.#receive() || this.#tell()) return true;
      const left = deadline - performance.now();
      if (left <= 0) return false;
      standStill(this.#bell, 0, rung, rung === 0 ? Math.min(left, UNRUNG) : left);
    }
  }

  #receive(): boolean {
    let any = false;
    for (let next = receiveMessageOnPort(this.port); next !== undefined; next = receiveMessageOnPort(this.port)) {
      this.#channel.heard(next.message);
      any = true;
    }
    return any;
  }

  #tell(): boolean {
    const tasks = this.#soon.splice(0);
    for (const task of tasks) task();
    return tasks.length > 0;
  }

  send(frame: Frame): void {
    this.#transport.send(frame);
  }

  close(): void {
    this.#transport.close();
  }

  destroy(error?: Error): void {
    this.#transport.destroy(error);
  }

  ref(): void {
    this.#transport.ref();
  }

  unref(): void {
    this.#transport.unref();
  }
}

/** The port's channel, whose messages are also handed in by who stands still. */
class BellChannel extends PortChannel {
  #heard: ((message: unknown) => void) | undefined;

  constructor(port: MessagePort, private readonly came: () => void) {
    super(port);
  }

  override listen(heard: (message: unknown) => void, gone: (error?: Error) => void): () => void {
    this.#heard = heard;
    return super.listen((message) => {
      heard(message);
      this.came();
    }, gone);
  }

  heard(message: unknown): void {
    this.#heard?.(message);
  }
}
