import { limitError, protocolError } from '../errors.js';
import type { Platform, WeakHold } from '../platform.js';
import { MirroredReference, Reference, referenceOf, type Session } from '../proxies/reference.js';
import { Numbered } from './numbered.js';
import type { Way } from './way.js';
import type { Mirror } from '../proxies/mirror.js';

/**
 * What we hold of the other side's. Each proxy has a Reference, which counts the receipts that came for it. When the proxy
 * is collected or released, so many receipts are given back, no more: should the value arrive again in between, it gets a
 * new proxy and a new Reference of the same id, with receipts of its own.
 */
export class Imports {
  readonly #byId = new Numbered<Reference>();
  readonly #collected;
  #dead = 0;
  #way: Way | undefined;
  readonly #ways = new WeakMap<Reference, Way>();
  /** The highest number so far: what is above is new, which is what most are, and need not be looked for. */
  #highest = 0;

  constructor(
    private readonly owner: { readonly ended: boolean; readonly label: string },
    private readonly platform: Platform,
    private readonly most: number,
    /** Gives receipts back to the other side. */
    private readonly giveBack: (id: number, receipts: number) => void,
  ) {
    this.#collected = platform.weak.watch<Reference>((reference) => {
      // Releasing does not end the watch: that would cost every reference the bytes of a second table.
      if (reference.released) return;
      if (this.#byId.get(reference.id) !== reference) this.#dead--;
      this.#drop(reference);
    });
  }

  /** Proxies, and those collected ones whose receipts are not yet given back. */
  get size(): number {
    return this.#byId.size + this.#dead;
  }

  /** The proxy for `id`, if there is one: then a receipt is counted. */
  receiveAgain(id: number): object | symbol | undefined {
    const known = id > this.#highest ? undefined : this.#byId.get(id);
    if (known === undefined) return undefined;
    const proxy = known.proxy!.deref(known);
    if (proxy !== undefined) known.receipts++;
    return proxy;
  }

  /** A reference for a new proxy, with its first receipt; `session` is what the proxy asks. It counts once `hold` has it. */
  receive(id: number, mirror: Mirror | undefined, session: Session): Reference {
    if (id === 0) throw protocolError('it exports something under the number 0');
    if (this.#byId.size >= this.most) throw limitError('REFERENCES', `${this.owner.label} exports more than ${this.most} references (limits.references)`);
    const reference = mirror === undefined ? new Reference(session, id) : new MirroredReference(session, id, mirror);
    if (this.#way !== undefined) this.#ways.set(reference, this.#way);
    return reference;
  }

  /** What arrives by `receive` was handed to what is restricted as `way` says: so is what it is given in turn. */
  along<T>(way: Way, receive: () => T): T {
    this.#way = way;
    try {
      return receive();
    } finally {
      this.#way = undefined;
    }
  }

  /** Where a callback of the other side's was handed in, if that is restricted. */
  wayOf(reference: Reference): Way | undefined {
    return this.#ways.get(reference);
  }

  /** Watches the proxy that was made for a reference. There may be an older one of the same id, collected but not yet released. */
  hold<Proxy extends object | symbol>(reference: Reference, proxy: Proxy): Proxy {
    const before = this.#byId.size;
    reference.proxy = this.#watched(proxy, reference);
    this.#enter(reference);
    if (this.#byId.size === before) this.#dead++;
    this.platform.collector?.grown();
    return proxy;
  }

  #watched(proxy: object | symbol, reference: Reference): WeakHold<object | symbol> {
    const watch = this.#collected;
    return typeof proxy === 'function' && watch.join !== undefined ? watch.join(proxy, reference, this.#apart) : watch.add(proxy, reference);
  }

  /** A proxy was held together with others, which may be garbage. */
  readonly #apart = (reference: Reference, hold: WeakHold<object>): void => {
    reference.heldBy(hold);
    this.platform.collector?.loosened();
  };

  /** Lets a proxy of an ended session stand for what a new one stands for, with the reference that it has had all along. */
  adopt(arrived: Reference, proxy: object): void {
    const own = referenceOf(proxy)!;
    own.succeed(arrived);
    this.#enter(own);
    own.proxy = this.#collected.add(proxy, own);
  }

  get(id: number): Reference | undefined {
    return this.#byId.get(id);
  }

  /** Gives the proxy up by intention. */
  release(reference: Reference): void {
    if (!reference.released) this.#drop(reference);
  }

  /** The session has ended: proxies stay, but refer to nothing. Returns how many there were. */
  clear(): number {
    const { size } = this;
    this.#collected.end();
    this.platform.collector?.shrunk(size);
    this.#byId.clear();
    this.#dead = 0;
    return size;
  }

  #enter(reference: Reference): void {
    this.#byId.set(reference.id, reference);
    if (reference.id > this.#highest) this.#highest = reference.id;
  }

  #drop(reference: Reference): void {
    const { receipts } = reference;
    reference.receipts = 0;
    if (this.#byId.get(reference.id) === reference) this.#byId.delete(reference.id);
    if (this.owner.ended) return;
    this.platform.collector?.shrunk(1);
    this.giveBack(reference.id, receipts);
  }
}
