import type { Chatter } from '../support/chatter.js';

/** A chatter's numbered lines, one every moment, whether or not somebody is there to answer. */
export class Talk {
  said = 0;
  readonly #timer: NodeJS.Timeout;

  constructor(private readonly chatter: Chatter) {
    this.#timer = setInterval(() => chatter.say(`!echo ${++this.said}`), 5);
  }

  /** Waits until a bot has answered so many more lines. */
  async answersBy(bot: number, count: number): Promise<void> {
    for (let n = 0; n < count; n++) {
      await this.chatter.hears(`an answer of bot v${bot}`, (text) => text.startsWith(`v${bot}: `), { from: this.chatter.seen.length });
    }
  }

  /** Falls silent. Returns the number of the last line. */
  end(): number {
    clearInterval(this.#timer);
    return this.said;
  }
}
