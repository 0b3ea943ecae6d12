import type { Account } from './accounts.js';
import type { RoleSimHost } from './host.js';

/** A place that a key belongs to. */
interface KeyPlace {
  readonly instance: string;
  /** How often it had been left without a successor by then. */
  readonly freed: number;
  /** The event that gave it the key. */
  readonly since: number;
}

/** Where the events of each key have to go: to the first of its places that listens. */
export class KeyPlaces {
  readonly #places = new Map<number, KeyPlace[]>();
  /** Events that may have waited in another place than the one that was given them, if any. That has the key since. */
  readonly #waited = new Map<number, number[]>();

  waited({ key, number }: Account): void {
    this.#waited.set(key, [...(this.#waited.get(key) ?? []), number]);
  }

  /** Returns the place that the event should have gone to, if it was another. */
  given(account: Account, instance: string, host: RoleSimHost): string | undefined {
    const { key, number, on, event } = account;
    const places = (this.#places.get(key) ?? []).filter((place) => place.freed === host.timesFreed(place.instance));
    this.#places.set(key, places);
    if (places.some((place) => place.instance === host.leaving)) return undefined;
    // It may have been decided at any time since the emission.
    const hear = host.hearersOf(`${on} ${event}`, number);
    const first = places.find((place) => hear.includes(place.instance) || place.instance === instance);
    if (first?.instance === instance) return undefined;
    const since = first === undefined ? number : this.#before(first, key, number);
    if (since === undefined) return first!.instance;
    if (since === number && host.wasDeaf(`${on} ${event}`, number, instance)) this.waited(account);
    // Of two since the same event, the one where it waited had the key before.
    places.splice(first === undefined ? places.length : places.indexOf(first), 0, { instance, freed: host.timesFreed(instance), since });
    places.sort((a, b) => a.since - b.since);
    return undefined;
  }

  /** The event itself may have waited since before the other place had the key, or one before it. */
  #before(first: KeyPlace, key: number, number: number): number | undefined {
    if (number < first.since) return number;
    const waited = this.#waited.get(key) ?? [];
    const index = waited.findIndex((one) => one <= first.since);
    return index === -1 ? undefined : waited.splice(index, 1)[0];
  }
}
