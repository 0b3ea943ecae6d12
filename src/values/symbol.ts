/** The symbols that every realm shares, by name. They cross as themselves. */
const byName = new Map<string, symbol>();
for (const name of Object.getOwnPropertyNames(Symbol)) {
  const value: unknown = Reflect.get(Symbol, name);
  if (typeof value === 'symbol') byName.set(name, value);
}
const names = new Map([...byName].map(([name, value]) => [value, name]));

export function wellKnownName(symbol: symbol): string | undefined {
  return names.get(symbol);
}

export function wellKnownSymbol(name: string): symbol | undefined {
  return byName.get(name);
}
