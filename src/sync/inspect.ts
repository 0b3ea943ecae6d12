/**
 * What an inspector shows of a hosted object: its own properties and its class's name, without what a class of proxies has.
 * A property that cannot be read is shown by its error.
 */
export function copyToInspect(proxy: object): object {
  if (Array.isArray(proxy)) return Array.from(proxy as unknown[]);
  const { constructor } = proxy as { constructor?: unknown };
  const named = typeof constructor === 'function' ? (class {}).prototype : null;
  if (named !== null) Object.defineProperty(named.constructor, 'name', { value: (constructor as { name: string }).name });
  const copy = Object.create(named) as object;
  for (const key of Object.keys(proxy)) Object.defineProperty(copy, key, { value: read(proxy, key), enumerable: true });
  return copy;
}

function read(proxy: object, key: string): unknown {
  try {
    return Reflect.get(proxy, key);
  } catch (error) {
    return error;
  }
}
