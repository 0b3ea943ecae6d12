// A source of numbered lines, each of which is to be answered once.
import { EventEmitter } from 'node:events';

interface Answer {
  line: number;
  by: string;
}

class Feed extends EventEmitter {
  said = 0;
  readonly #answers: Answer[] = [];
  #timer: NodeJS.Timeout | undefined;

  start(every: number): void {
    this.stop();
    this.#timer = setInterval(() => this.say(), every);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  say(): void {
    this.emit('line', ++this.said);
  }

  answer(line: number, by: string): void {
    this.#answers.push({ line, by });
  }

  /** All so far, in order. */
  answers(): Answer[] {
    return this.#answers;
  }
}

export const feed = new Feed();
