import { isProxy, snapshot } from '../index.js';
import { referenceOf } from '../proxies/reference.js';
import type { Shape } from '../proxies/shape.js';

/** What is known here of the object behind a proxy, without asking. */
export interface Members {
  methods: Set<string>;
  /** Methods that attach and detach listeners. */
  listening: Set<string>;
  /** Accessors, and the properties that its snapshot has. */
  properties: Set<string>;
}

export function membersOf(proxy: object): Members {
  if (!isProxy(proxy)) return membersOfData(proxy);
  const members: Members = { methods: new Set(), listening: new Set(), properties: new Set(Object.keys(snapshot(proxy) ?? {})) };
  for (let shape: Shape | undefined = referenceOf(proxy)?.mirror?.shape; shape !== undefined; shape = shape.parent) {
    for (const name of shape.methods) members.methods.add(name);
    for (const name of Object.keys(shape.listening)) members.listening.add(name);
    for (const name of shape.accessors) members.properties.add(name);
  }
  return members;
}

/** What was copied holds functions, too: those of an object that is no instance of a class. */
function membersOfData(data: object): Members {
  const isMethod = ([, value]: [string, unknown]): boolean => typeof value === 'function';
  const entries = Object.entries(data);
  const names = (some: typeof entries): Set<string> => new Set(some.map(([name]) => name));
  return { methods: names(entries.filter(isMethod)), listening: new Set(), properties: names(entries.filter((entry) => !isMethod(entry))) };
}
