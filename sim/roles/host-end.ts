import type { DynobotError } from '../../src/errors.js';
import type { PeerOptions } from '../../src/peer/options.js';
import type { PeerOwner } from '../../src/peer/owner.js';
import { Peer } from '../../src/peer/peer.js';
import type { RoleEnd } from '../../src/peer/role-end.js';
import type { Reference } from '../../src/proxies/reference.js';
import type { Gap } from '../../src/roles/report.js';
import type { Part } from '../../src/roles/roles.js';
import type { Transport } from '../../src/transports/transport.js';
import type { Greeting, RoleStep } from '../../src/wire.js';
import type { RoleWorld } from './world.js';
import type { Worker } from './worker.js';

/** Tells what it is asked to send, at once. */
class WatchedPeer extends Peer {
  constructor(transport: Transport, private readonly watched: HostEnd, options: PeerOptions) {
    super(transport, watched, options);
  }

  override step(step: RoleStep, value?: unknown): void {
    super.step(step, value);
    this.watched.told(step, value);
  }

  override end(...how: Parameters<Peer['end']>): void {
    this.watched.look();
    super.end(...how);
  }

  override event(number: number, listeners: readonly Reference[], args: unknown[], receiver: unknown): void {
    super.event(number, listeners, args, receiver);
    this.watched.gave(args[0] as number);
  }
}

/** A session as its host has it. What it says in a role is read along, at the moment when it is decided. */
export class HostEnd implements PeerOwner {
  readonly peer: Peer;
  stage: 'staged' | 'live' | 'retiring' = 'staged';
  /** Which turn of its place it has. */
  turn = 0;
  over = false;
  /** What had been saved for it when it got its turn. */
  savedBefore: number | undefined;
  /** What it listens to: objects and events. */
  entries = new Set<string>();
  #part: Part | undefined;

  constructor(
    private readonly world: RoleWorld,
    readonly session: number,
    readonly worker: Worker,
  ) {
    this.peer = new WatchedPeer(worker.link.host, this, world.host.peerOptions(worker));
  }

  get name(): string {
    return this.worker.name;
  }

  get instance(): string {
    return this.worker.instance;
  }

  get isLive(): boolean {
    return this.stage === 'live' && !this.over;
  }

  get role(): RoleEnd | undefined {
    return this.#part?.member;
  }

  look(): void {
    if (!this.over) this.entries = new Set([...this.peer.ledger.entries()].map(({ target, event }) => `${this.world.host.nameOf(target)} ${String(event)}`));
  }

  greeted({ role }: Greeting): void {
    this.#part = this.world.host.roles.join(role, { session: this.session, client: this.name, pid: this.session }, this.peer);
    this.peer.ledger.staging = this.#part.staging;
  }

  service(): void {}

  failed(error: unknown, where: string): void {
    this.world.problem('errors', `${this.name} at the host, ${where}: ${String(error)}`);
  }

  ended(reason: DynobotError | undefined): void {
    const { host } = this.world;
    this.over = true;
    this.world.trace?.(`host: the session of ${this.name} has ended: ${reason === undefined ? 'by intention' : reason.message}`);
    if (reason !== undefined && reason.kind !== 'disconnected' && reason.kind !== 'timeout') this.world.problem('errors', `${this.name} at the host ended: ${reason.message}`);
    for (const [table, size] of Object.entries(this.peer.tables)) if (size !== 0) this.world.problem('leaks', `${this.name}: ${size} ${table} are left at the host`);
    const wasLive = this.stage === 'live';
    if (wasLive || host.isVacant) for (const entry of this.entries) host.kept.add(entry);
    const isOrderly = reason === undefined && this.stage === 'retiring' && !this.worker.hasClosed;
    const inHand = this.#part?.member.inHand ?? 0;
    if (isOrderly && inHand > 0) this.world.problem('misordered', `${this.name} is sent home with ${inHand} events in hand`);
    host.leaving = this.instance;
    this.#part?.left(reason);
    host.leaving = undefined;
    const isTaken = host.ends.some((end) => end !== this && end.instance === this.instance && end.isLive);
    if (wasLive && !isTaken) host.freed.set(this.instance, host.timesFreed(this.instance) + 1);
  }

  gave(number: number): void {
    this.world.trace?.(`host gives event ${number} to ${this.name}`);
    this.world.accounts.given(number, this);
  }

  told(step: RoleStep, value: unknown): void {
    const { host, accounts } = this.world;
    if (step === 'retire') this.stage = 'retiring';
    if (step === 'turn') {
      this.stage = 'live';
      this.turn = ++host.turns;
      this.savedBefore = this.world.states.of(this.instance);
      host.kept.clear();
      host.look();
    }
    if (step === 'saved') {
      const save = this.worker.saves.shift()!;
      if (value === true) this.world.states.saved(this.instance, save);
    }
    if (step !== 'gap') return;
    const { total, events } = value as Gap;
    if (total !== accounts.untold) this.world.problem('errors', `${this.name} is told of ${total} dropped events, there are ${accounts.untold}`);
    if (events.reduce((sum, { count }) => sum + count, 0) !== total) this.world.problem('errors', 'the parts of a gap are not the whole');
    accounts.untold = 0;
  }
}
