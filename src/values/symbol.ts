import { protocolError } from '../errors.js';

/** The symbols that every realm shares, by name. They cross as themselves. */
const byName = new Map<string, symbol>();
const names = new Map<symbol, string>();
for (const name of Object.getOwnPropertyNames(Symbol)) {
  const value: unknown = Reflect.get(Symbol, name);
  if (typeof value === 'symbol') shareSymbol(name, value);
}

/** Adds one that every process of a platform has, and that is in no registry. */
export function shareSymbol(name: string, symbol: symbol): void {
  byName.set(name, symbol);
  names.set(symbol, name);
}

export function wellKnownName(symbol: symbol): string | undefined {
  return names.get(symbol);
}

export function wellKnownSymbol(name: string): symbol | undefined {
  return byName.get(name);
}

/** The registry keeps every key for ever, so a peer can add no more than this, for all sessions of the process. */
const MOST_KEYS = 100_000;
export const LONGEST_KEY = 256;
const keys = new Set<string>();

/** A symbol of the registry that every realm has of its own, by a key of a peer's. */
export function registeredSymbol(key: string): symbol {
  if (!keys.has(key)) {
    if (key.length > LONGEST_KEY || keys.size >= MOST_KEYS) throw protocolError('it names more registered symbols, or longer ones, than a process can keep');
    keys.add(key);
  }
  return Symbol.for(key);
}
