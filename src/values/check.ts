/** What a peer says that a kind's head is, checked: what is made of it must not call what the peer lends. */
export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  throw new TypeError('it needs a text');
}

export function number(value: unknown): number {
  if (typeof value === 'number') return value;
  throw new TypeError('it needs a number');
}

export function callable<F extends (...args: never[]) => unknown>(value: F): F {
  if (typeof value === 'function') return value;
  throw new TypeError('it needs a function');
}

/** Not what merely can be iterated over: an iterator may be the peer's. */
export function list(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  throw new TypeError('it needs an array');
}

export function texts(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(text);
  throw new TypeError('it needs texts');
}
