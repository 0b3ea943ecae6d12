import { Pieces, type Packed } from './pieces.js';
import { WINDOW } from './window.js';

type Done = () => void;

/**
 * What a stand-in for a socket has been given to write. It is sent when the code that writes has run, as one message if it
 * fits; and no further ahead of the real socket than the window, which is the backpressure.
 */
export class Writing {
  readonly #pieces = new Pieces();
  #ahead = 0;
  #done: Done | undefined;
  #isDue = false;

  constructor(private readonly send: (packed: Packed) => void) {}

  /** Whether all that was written has been sent. */
  get isEmpty(): boolean {
    return this.#pieces.isEmpty;
  }

  add(chunk: string | Uint8Array, encoding?: string): void {
    this.#pieces.add(chunk, encoding);
  }

  /** All of one write has been added: `done` when there is room for another. */
  written(done: Done): void {
    if (!this.#isDue && !this.#pieces.isEmpty) {
      this.#isDue = true;
      process.nextTick(this.#flushDue);
    }
    if (this.#ahead + this.#pieces.size < WINDOW) done();
    else this.#done = done;
  }

  readonly #flushDue = (): void => {
    if (this.#isDue) this.flush();
  };

  flush(): void {
    this.#isDue = false;
    while (!this.#pieces.isEmpty && this.#ahead < WINDOW) {
      const { packed, size } = this.#pieces.take(WINDOW - this.#ahead);
      this.#ahead += size;
      this.send(packed);
    }
    this.#goOn();
  }

  /** The real socket has taken so much. */
  taken(size: number): void {
    this.#ahead = Math.max(0, this.#ahead - size);
    this.flush();
  }

  /** A response is whole, and what follows it counts anew. */
  restart(): void {
    this.#ahead = 0;
    this.flush();
  }

  #goOn(): void {
    if (this.#done === undefined || this.#ahead + this.#pieces.size >= WINDOW) return;
    const done = this.#done;
    this.#done = undefined;
    done();
  }
}
