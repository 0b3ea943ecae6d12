/** Where in a message a value can stand. `unwrap` gets what `wrap` made, from the other side. */
export interface Place {
  readonly name: string;
  wrap(value: unknown): unknown;
  unwrap(arrived: unknown): unknown;
}

interface Nested {
  list: [Map<string, Set<{ at: unknown }>>];
}

export const places: readonly Place[] = [
  { name: 'by itself', wrap: (value) => value, unwrap: (arrived) => arrived },
  {
    name: 'nested in an array, a Map and a Set',
    wrap: (at) => ({ list: [new Map([['key', new Set([{ at }])]])] }) satisfies Nested,
    unwrap: (arrived) => [...(arrived as Nested).list[0].get('key')!][0]!.at,
  },
  {
    name: 'as a property of an error',
    wrap: (value) => Object.assign(new Error('with a value', { cause: [value] }), { value }),
    unwrap: (arrived) => (arrived as { value: unknown }).value,
  },
  {
    // Large: compact on the wire, and expected to be so when it is sent again.
    name: 'beside much else',
    wrap: (value) => ({ much: Array.from({ length: 300 }, (_, n) => ({ n })), value }),
    unwrap: (arrived) => (arrived as { value: unknown }).value,
  },
  {
    name: 'in a promise',
    wrap: (value) => ({ later: new Promise((resolve) => setImmediate(() => resolve([value]))) }),
    unwrap: async (arrived) => (await (arrived as { later: Promise<unknown[]> }).later)[0],
  },
  {
    name: 'yielded',
    wrap: async function* (value) {
      yield [value];
    },
    unwrap: async (arrived) => (await (arrived as AsyncGenerator<unknown[]>).next()).value[0] as unknown,
  },
];

export function placeOf(name: string): Place {
  return places.find((place) => place.name === name)!;
}
