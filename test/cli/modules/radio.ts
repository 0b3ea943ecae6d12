// A host module as users write them: top-level await, a class, a function, data besides, a default export.
import { EventEmitter } from 'node:events';
import { Readable } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';

class Track {
  constructor(readonly title: string) {}

  play(): string {
    return `playing ${this.title}`;
  }
}

class Radio extends EventEmitter {
  station = 'dyno.fm';
  #volume = 5;

  readonly studio = { city: 'Bern', tracks: [new Track('first'), new Track('second')], ring: (times: number) => 'ring '.repeat(times).trim() };

  get volume(): number {
    return this.#volume;
  }

  '2.0'(): string {
    return 'two point zero';
  }

  say(channel: string, text: unknown): { channel: string; text: unknown } {
    return { channel, text };
  }

  track(title: string): Track {
    return new Track(title);
  }

  /** An event with references, as irc-framework's have. */
  announce(nick: string, message: unknown): void {
    this.emit('message', { nick, message, reply: () => {}, radio: this }, new Track('theme'));
  }

  async *history(n: number): AsyncGenerator<{ line: number }> {
    for (let line = 1; line <= n; line++) yield { line };
  }

  /** A stream whose pieces end anywhere. */
  recording(): Readable {
    return Readable.from(['dy', 'no\n'].map((text) => Buffer.from(text)));
  }

  lyrics(): Readable {
    return Readable.from(['la ', 'la\nla', '\n']);
  }

  async *titles(): AsyncGenerator<string> {
    yield* ['one', 'two'];
  }

  failOddly(): never {
    throw 'static';
  }

  fail(): never {
    throw Object.assign(new RangeError('off the air'), { code: 'E_OFF_AIR' });
  }

  hang(): Promise<never> {
    return new Promise(() => {});
  }

  async later<T>(value: T): Promise<T> {
    await turn();
    return value;
  }
}

await turn();
export const radio = new Radio();
export const add = (a: number, b: number): number => a + b;
export const target = new EventTarget();
export const dispatch = (type: string): boolean => target.dispatchEvent(new Event(type));
export { Track };
export const version = 3;
export default { ping: () => 'pong' };
