import { disconnected } from '../../src/errors.js';
import { encodeFrame, FrameDecoder } from '../../src/transports/frames.js';
import type { Frame, Transport, TransportReceiver } from '../../src/transports/transport.js';
import type { Clock } from '../clock.js';
import type { Line, LineSink } from './line.js';

/** Who watches what goes over a transport. */
export interface Tap {
  sent(frame: Frame): void;
  /** Before the receiver is told. */
  arriving(frame: Frame): void;
  /** When it has been. */
  arrived(): void;
}

/** The real framing, over a line that can fail. */
export class SimTransport implements Transport, LineSink {
  readonly buffered = 0;
  /** Where it sends. */
  out!: Line;
  readonly #decoder: FrameDecoder;
  #receiver: TransportReceiver | undefined;
  #ready = false;
  #waiting: Frame[] = [];
  #ending = false;
  #closed = false;

  constructor(
    readonly name: string,
    private readonly clock: Clock,
    private readonly tap: Tap,
  ) {
    this.#decoder = new FrameDecoder({ frame: (frame) => this.#frame(frame) }, (error) => this.destroy(error));
  }

  open(receiver: TransportReceiver): void {
    this.#receiver = receiver;
    this.clock.after(0, () => {
      this.#ready = true;
      for (const frame of this.#waiting.splice(0)) this.#frame(frame);
    });
  }

  send(frame: Frame): void {
    if (this.#ending) return;
    this.tap.sent(frame);
    this.out.send(encodeFrame(frame));
  }

  close(): void {
    if (this.#ending) return;
    this.#ending = true;
    this.out.close();
  }

  destroy(error?: Error): void {
    this.#ending = true;
    this.#finish(error);
  }

  ref(): void {}

  unref(): void {}

  // What the line of the other side tells

  bytes(chunk: Uint8Array): void {
    if (!this.#ending) this.#decoder.push(chunk);
  }

  ended(): void {
    this.#finish(!this.#ending && this.#decoder.partial ? disconnected(`${this.name} ended in the middle of a frame`) : undefined);
  }

  #frame(frame: Frame): void {
    if (this.#ending) return;
    if (!this.#ready) return void this.#waiting.push(frame);
    this.tap.arriving(frame);
    this.#receiver!.frame(frame);
    this.tap.arrived();
  }

  #finish(error?: Error): void {
    if (this.#closed) return;
    this.#closed = this.#ending = true;
    this.out.abandon();
    this.clock.after(0, () => this.#receiver?.closed(error));
  }
}
