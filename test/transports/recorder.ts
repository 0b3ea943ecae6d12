import type { Frame, Transport, TransportReceiver } from '../../src/transports/transport.js';

/** A receiver that keeps what it is told, and can be waited for. */
export class Recorder implements TransportReceiver {
  readonly frames: Frame[] = [];
  readonly closings: (Error | undefined)[] = [];
  drains = 0;
  #waiting: { holds: () => boolean; resolve: () => void }[] = [];

  static open(transport: Transport): Recorder {
    const recorder = new Recorder();
    transport.open(recorder);
    return recorder;
  }

  frame(frame: Frame): void {
    this.frames.push(frame);
    this.#check();
  }

  drained(): void {
    this.drains += 1;
    this.#check();
  }

  closed(error?: Error): void {
    this.closings.push(error);
    this.#check();
  }

  get isClosed(): boolean {
    return this.closings.length > 0;
  }

  /** Resolves when the condition holds; it is looked at whenever something is told. */
  async until(holds: () => boolean): Promise<void> {
    if (holds()) return;
    await new Promise<void>((resolve) => this.#waiting.push({ holds, resolve }));
  }

  received(count: number): Promise<void> {
    return this.until(() => this.frames.length >= count);
  }

  ended(): Promise<void> {
    return this.until(() => this.isClosed);
  }

  #check(): void {
    for (const { holds, resolve } of this.#waiting) if (holds()) resolve();
    this.#waiting = this.#waiting.filter(({ holds }) => !holds());
  }
}
