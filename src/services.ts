import { DynobotError } from './errors.js';
import { SELF } from './host.js';

/**
 * What `connection.services` is: the services that the host has now. Asking for one that it does not have throws, instead
 * of handing out an undefined that fails later and elsewhere.
 */
export function servicesObject(known: ReadonlyMap<string, object>, host: () => string): object {
  const names = (): string[] => [...known.keys()].filter((name) => name !== SELF);
  return new Proxy({}, {
    get(_target, name) {
      if (typeof name === 'symbol' || name === 'then' || name === 'toJSON') return undefined;
      const service = known.get(name);
      if (service !== undefined) return service;
      throw new DynobotError('ERR_DYNOBOT_NO_SERVICE', `${host()} has no service ${JSON.stringify(name)}. It has: ${names().join(', ') || 'none'}`);
    },
    has: (_target, name) => typeof name === 'string' && known.has(name),
    ownKeys: names,
    getOwnPropertyDescriptor(_target, name) {
      const value = typeof name === 'string' && name !== SELF ? known.get(name) : undefined;
      return value === undefined ? undefined : { value, enumerable: true, configurable: true };
    },
    set: () => false,
    defineProperty: () => false,
    deleteProperty: () => false,
  });
}
