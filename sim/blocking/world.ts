import { LIMITS } from '../../src/limits.js';
import { nodePlatform } from '../../src/node/platform.js';
import type { PeerOptions } from '../../src/peer/options.js';
import type { PeerOwner } from '../../src/peer/owner.js';
import { Peer } from '../../src/peer/peer.js';
import { Shapes } from '../../src/proxies/shape.js';
import { BlockingSession } from '../../src/sync/session.js';
import type { Frame, Transport, TransportReceiver } from '../../src/transports/transport.js';
import { builtInKinds } from '../../src/values/built-in.js';
import { Kinds } from '../../src/values/kinds.js';
import type { Platform } from '../../src/platform.js';
import { Dice } from '../dice.js';

/** Nobody can go on any more. */
export class Stuck extends Error {}

/** One end of a session: frames that it has sent wait for the dice to deliver them. */
class SimEnd implements Transport {
  readonly name = 'sim';
  readonly buffered = 0;
  readonly isPrivate = true;
  readonly arriving: Frame[] = [];
  delivered = 0;
  other!: SimEnd;
  receiver: TransportReceiver | undefined;
  open(receiver: TransportReceiver): void { this.receiver = receiver; }
  send(frame: Frame): void { this.other.arriving.push(frame); }
  close(): void {}
  destroy(): void {}
  ref(): void {}
  unref(): void {}
}

const shapes = new Shapes(nodePlatform.bases);
const kinds = new Kinds(builtInKinds);

/** A client that blocks, in the one thread of the simulation. */
export interface SimClient {
  readonly name: string;
  readonly peer: Peer;
  readonly session: BlockingSession;
  readonly services: Record<string, unknown>;
  readonly end: SimEnd;
  readonly later: (() => void)[];
}

/** A host and several clients that block. While one stands still, the dice let the others go on, on top of its stack. */
export class World {
  readonly dice: Dice;
  readonly problems: string[] = [];
  readonly clients: SimClient[] = [];
  /** What a client does when the dice give it a turn. */
  act: (client: SimClient) => void = () => {};
  readonly #hostPeers: Peer[] = [];
  readonly #ends: SimEnd[] = [];
  readonly #flushes: (() => void)[] = [];
  #depth = 0;
  #turns: number;

  constructor(seed: number, turns: number) {
    this.dice = new Dice(seed);
    this.#turns = turns;
  }

  problem(text: string): void {
    this.problems.push(text);
  }

  join(name: string, hosted: Record<string, object>): SimClient {
    const [here, there] = [new SimEnd(), new SimEnd()];
    here.other = there;
    there.other = here;
    this.#ends.push(here, there);
    const hostPeer = new Peer(there, this.#owner(`the host, for ${name}`, {}), this.#options());
    const services: Record<string, unknown> = {};
    let session!: BlockingSession;
    const later: (() => void)[] = [];
    const peer = new Peer(here, this.#owner(name, services), {
      ...this.#options(),
      blocking: (own) => (session = new BlockingSession(own, {
        take: () => this.#goOnFor(client),
        now: () => 0,
        later: (task) => void later.push(task),
        afterTurn: (task) => void later.push(task),
      }, 0)),
    });
    const client: SimClient = { name, peer, session, services, end: here, later };
    this.#hostPeers.push(hostPeer);
    hostPeer.open({ name: 'host', pid: 0, services: Object.keys(hosted).length }, Object.entries(hosted));
    peer.open({ name, pid: 0, services: 0 }, []);
    peer.flush();
    this.clients.push(client);
    while (Object.keys(services).length < Object.keys(hosted).length) if (!this.#step()) throw new Stuck('while it connects');
    return client;
  }

  /** Gives turns until all are taken and nothing is on its way. */
  play(): void {
    while (this.#turns > 0 || this.#step()) if (this.#turns > 0) this.#turn();
  }

  close(): void {
    for (const { peer } of this.clients) peer.end();
    for (const peer of this.#hostPeers) peer.end();
    for (const peer of [...this.#hostPeers, ...this.clients.map((client) => client.peer)]) {
      for (const [table, size] of Object.entries(peer.tables)) if (size !== 0) this.problem(`${size} ${table} are left`);
    }
  }

  #turn(): void {
    const idle = this.clients.filter(({ session }) => !session.standsStill);
    if (this.#depth < 5 && idle.length > 0 && this.dice.chance(0.2)) {
      this.#turns--;
      this.#depth++;
      const client = this.dice.pick(idle)!;
      this.act(client);
      client.peer.flush();
      this.#depth--;
    } else if (!this.#step()) {
      this.#turns--;
    }
  }

  /** Lets anything happen until a frame has come for the client. */
  #goOnFor(client: SimClient): boolean {
    const { delivered } = client.end;
    for (let idle = 0; ;) {
      if (client.end.delivered > delivered) return true;
      const before = this.#turns;
      if (this.#turns > 0 && this.dice.chance(0.3)) this.#turn();
      idle = this.#step() || this.#turns < before ? 0 : idle + 1;
      if (idle > 50) throw new Stuck(`${client.name} stands still for ever`);
      if (client.session.goOn()) return true;
    }
  }

  /** One thing happens: a frame arrives, a turn of the host ends, somebody who stands still serves, or an event loop is reached. */
  #step(): boolean {
    const can: (() => void)[] = [];
    for (const end of this.#ends) if (end.arriving.length > 0 && end.receiver !== undefined) can.push(() => this.#deliver(end));
    if (this.#flushes.length > 0) can.push(() => this.#flushes.splice(0).forEach((flush) => flush()));
    for (const { session, later } of this.clients) {
      if (session.standsStill) can.push(() => void session.goOn());
      else if (later.length > 0) can.push(() => later.shift()!());
    }
    const next = this.dice.pick(can);
    const progress = this.#ends.some((end) => end.arriving.length > 0) || this.#flushes.length > 0 || this.clients.some(({ session, later }) => !session.standsStill && later.length > 0);
    next?.();
    return progress;
  }

  #deliver(end: SimEnd): void {
    const frame = end.arriving.shift()!;
    end.delivered++;
    end.receiver!.frame(frame);
    const client = this.clients.find((one) => one.end === end);
    if (client !== undefined && !client.session.standsStill) client.session.serve();
  }

  #owner(who: string, services: Record<string, unknown>): PeerOwner {
    return {
      greeted: () => {},
      service: (name, proxy) => void (services[name] = proxy),
      failed: (error, where) => this.problem(`${who}: ${where}: ${String(error)}`),
      ended: (reason) => reason && this.problem(`${who} ended: ${reason.stack}`),
    };
  }

  #options(): PeerOptions {
    const platform: Platform = {
      ...nodePlatform,
      defer: (task) => void this.#flushes.push(task),
      after: () => () => {},
      now: () => 0,
      uncaught: (error) => this.problem(`uncaught: ${String(error)}`),
    };
    return { platform, limits: LIMITS, kinds, shapes, timeout: 0, mayIgnoreAnswers: true, label: 'sim' } as PeerOptions;
  }
}
