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
  /** As its stream counts: all that came, what of it was sent, and what of it the stream does not count as waiting any more. */
  #added = 0;
  #sent = 0;
  #accepted = 0;

  constructor(
    private readonly send: (packed: Packed) => void,
    private readonly flushed: () => void,
  ) {}

  get sent(): number {
    return this.#sent;
  }

  /** Whether all has been sent that was written up to there, and there is room for more: whoever waits for that goes on. */
  hasSent(upTo: number): boolean {
    return this.#sent >= upTo && this.#accepted >= upTo;
  }

  /** What `sent` will be when all has been sent that was written by now; `waiting` is what the stream counts as waiting. */
  end(waiting: number): number {
    return this.#accepted + waiting;
  }

  /** Whether nothing of what was added waits here. */
  get isEmpty(): boolean {
    return this.#pieces.isEmpty;
  }

  add(chunk: string | Uint8Array, encoding?: string): void {
    this.#added += chunk.length;
    this.#pieces.add(chunk, encoding);
  }

  /** All of one write has been added: `done` when there is room for another. */
  written(done: Done): void {
    if (!this.#isDue && !this.#pieces.isEmpty) {
      this.#isDue = true;
      process.nextTick(this.#flushDue);
    }
    if (this.#ahead + this.#pieces.size < WINDOW) this.#accept(done);
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
    if (this.#pieces.isEmpty) this.#sent = this.#added;
    this.#goOn();
    this.flushed();
  }

  /** The real socket has taken so much. */
  taken(size: number): void {
    this.#ahead = Math.max(0, this.#ahead - size);
    this.flush();
  }

  /** What waits is not sent any more. */
  forget(): void {
    this.#pieces.take();
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
    this.#accept(done);
  }

  #accept(done: Done): void {
    this.#accepted = this.#added;
    done();
  }
}
