import { DROPPED, Holder } from '../values/carrier.js';
import type { Backend } from './backend.js';
import { isTexts } from './check-heads.js';

/** What crosses of a backend: the methods that PROTOCOL.md names, and nothing else. What makes no sense is ignored. */
export class BackendLine extends Holder {
  readonly #backend: Backend;

  constructor(backend: Backend) {
    super();
    this.#backend = backend;
  }

  data(id: unknown, chunk: unknown): void {
    if (isNumber(id)) this.#backend.data(id, chunk);
  }

  end(id: unknown, trailers: unknown): void {
    if (isNumber(id) && isTexts(trailers)) this.#backend.end(id, trailers);
  }

  aborted(id: unknown): void {
    if (isNumber(id)) this.#backend.aborted(id);
  }

  taken(id: unknown, status: unknown): void {
    if (isNumber(id) && isNumber(status) && status >= 100 && status <= 999) this.#backend.taken(id, status);
  }

  refused(id: unknown): void {
    if (isNumber(id)) this.#backend.refused(id);
  }

  over(id: unknown): void {
    if (isNumber(id)) this.#backend.over(id);
  }

  wrote(id: unknown, size: unknown): void {
    if (isNumber(id) && isNumber(size) && size > 0) this.#backend.wrote(id, size);
  }

  received(id: unknown, chunk: unknown): void {
    if (isNumber(id)) this.#backend.received(id, chunk);
  }

  ended(id: unknown): void {
    if (isNumber(id)) this.#backend.ended(id);
  }

  closed(id: unknown, error: unknown): void {
    if (isNumber(id)) this.#backend.closed(id, error);
  }

  settle(id: unknown, isComplete: unknown): void {
    if (isNumber(id)) this.#backend.settle(id, isComplete === true);
  }

  timedOut(id: unknown, isHandled: unknown): void {
    if (isNumber(id)) this.#backend.timedOut(id, isHandled === true);
  }

  /** The session has ended. */
  [DROPPED](): void {
    this.#backend.lost();
  }
}

function isNumber(value: unknown): value is number {
  return Number.isSafeInteger(value);
}
