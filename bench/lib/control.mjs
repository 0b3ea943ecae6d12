import { lines } from './lines.mjs';

const MARK = '{"bench":';

/**
 * How the processes of one trial talk about the trial, beside what is measured: JSON lines on stdin and stdout.
 * Anything else that appears there (some peers log) is ignored.
 */
export class Control {
  #write;
  #handlers;
  #waiting = new Map();
  #last = 0;

  constructor(readable, writable, handlers = {}) {
    this.#handlers = handlers;
    this.#write = (message) => writable.write(`${JSON.stringify({ bench: message })}\n`);
    readable.setEncoding('utf8');
    readable.on('data', lines((line) => {
      if (line.startsWith(MARK)) void this.#receive(JSON.parse(line).bench);
    }));
  }

  /** Sends without waiting for an answer. */
  tell(what, body) {
    this.#write({ what, body });
  }

  /** Sends and waits for the answer. */
  ask(what, body) {
    const id = ++this.#last;
    this.#write({ id, what, body });
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
  }

  /** Fails everything that waits: the other process has gone. */
  lost(error) {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  async #receive({ id, what, body, answer, error }) {
    if (what === undefined) {
      const waiting = this.#waiting.get(id);
      this.#waiting.delete(id);
      if (error === undefined) waiting?.resolve(answer);
      else waiting?.reject(new Error(error));
      return;
    }
    try {
      const result = await this.#handlers[what](body);
      if (id !== undefined) this.#write({ id, answer: result ?? null });
    } catch (failure) {
      if (id === undefined) throw failure;
      this.#write({ id, error: String(failure?.message ?? failure) });
    }
  }
}
