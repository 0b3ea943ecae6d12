import { isProxy, snapshot } from '../index.js';
import { referenceOf } from '../proxies/reference.js';
import type { Shape } from '../proxies/shape.js';
import { OPERATION } from '../wire.js';

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

/** The same, and all other properties that the object itself has: for these its host is asked. */
export async function allMembersOf(proxy: object): Promise<Members> {
  const { methods, listening, properties } = membersOf(proxy);
  const own = await ownNames(proxy).catch(() => []);
  return { methods, listening, properties: new Set([...properties, ...own.filter((name) => !methods.has(name) && !listening.has(name))]) };
}

/** What its host lets clients see. */
async function ownNames(proxy: object): Promise<string[]> {
  const reference = referenceOf(proxy);
  if (reference === undefined) return [];
  const listed = (await reference.session.call(reference, OPERATION.properties, 0, [])) as [name: string][];
  return listed.map(([name]) => name);
}

/** What was copied holds functions, too: those of an object that is no instance of a class. */
function membersOfData(data: object): Members {
  const isMethod = ([, value]: [string, unknown]): boolean => typeof value === 'function';
  const entries = Object.entries(data);
  const names = (some: typeof entries): Set<string> => new Set(some.map(([name]) => name));
  return { methods: names(entries.filter(isMethod)), listening: new Set(), properties: names(entries.filter((entry) => !isMethod(entry))) };
}
