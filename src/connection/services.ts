import { DynobotError } from '../errors.js';
import type { Peer } from '../peer/peer.js';
import { referenceOf, type Reference } from '../proxies/reference.js';
import { SELF } from '../wire.js';

/** The proxies of a host's services: the same ones in every session with it. */
export class ServiceProxies {
  readonly #present = new Map<string, object>();
  /** Those that the host has come back without. Should it publish them later, they are what they were. */
  readonly #missing = new Map<string, object>();

  get present(): ReadonlyMap<string, object> {
    return this.#present;
  }

  /** Returns the proxy that the service has had before, if that can stand for it again. */
  arrived(peer: Peer, name: string, proxy: object): object | undefined {
    const before = this.#present.get(name) ?? this.#missing.get(name);
    // One object has one proxy, whatever its names.
    const standIn = before === undefined || this.#hasName(proxy) ? proxy : peer.adopt(proxy, before);
    this.#missing.delete(name);
    this.#present.set(name, standIn);
    referenceOf(standIn)!.keep();
    return standIn === before ? before : undefined;
  }

  withdrawn(name: string): void {
    const proxy = this.#present.get(name);
    this.#present.delete(name);
    if (proxy !== undefined && !this.#hasName(proxy)) referenceOf(proxy)!.letGo();
  }

  #hasName(proxy: object): boolean {
    return [...this.#present.values()].includes(proxy);
  }

  /** The host is back, with these services. Returns the names of those that it has not brought with it. */
  reduceTo(names: ReadonlySet<string>): string[] {
    const gone = [...this.#present].filter(([name]) => !names.has(name));
    for (const [name, proxy] of gone) {
      this.#present.delete(name);
      this.#missing.set(name, proxy);
    }
    return gone.map(([name]) => name);
  }

  get references(): Set<Reference> {
    return new Set([...this.#present.values()].map((proxy) => referenceOf(proxy)!));
  }
}

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
