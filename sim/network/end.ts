import type { PeerOwner } from '../../src/peer/owner.js';
import { Peer } from '../../src/peer/peer.js';
import type { DynobotError } from '../../src/errors.js';
import type { Frame } from '../../src/transports/transport.js';
import { VERB, type CallMessage, type Message, type ReleaseMessage } from '../../src/wire.js';
import type { Roster } from '../model/roster.js';
import type { Op } from '../model/op.js';
import { matches, receiverOf } from '../model/op.js';
import type { Program } from '../program/program.js';
import { serviceChanged } from '../program/services.js';
import type { World } from '../world.js';
import type { Link } from './link.js';
import { Receipts } from './receipts.js';
import type { SimTransport, Tap } from './transport.js';
import { isOfStandIn, mentions, messagesIn, releasesOf } from './wire.js';

interface Sent {
  readonly text: string;
  readonly messages: Message[];
}

/** One end of a session: the peer under test, and what the wire and the model say of it. */
export class End implements PeerOwner, Tap {
  other!: End;
  peer!: Peer;
  transport!: SimTransport;
  /** What the other side may refer to of this one. */
  readonly exported = new Receipts();
  /** What the model says will arrive at the other side, in this order. */
  readonly channel: Op[] = [];
  /** What the other side's program has attached here. */
  readonly roster: Roster;
  readonly withdrawn = new Set<number>();
  /** The session has ended here. */
  over = false;
  /** Its transport has closed, too. */
  gone = false;
  /** Messages that are packed, but not yet on the wire. */
  unsent = 0;
  #underway: Sent[] = [];
  /** Sent, and not of a message yet. */
  readonly #attachments: Uint8Array[] = [];
  /** The other side has said goodbye. */
  #dismissed = false;
  #reading: { messages: Message[]; at: number } | undefined;

  constructor(
    readonly link: Link,
    readonly program: Program,
    readonly world: World,
    roster: Roster,
  ) {
    this.roster = roster;
  }

  get name(): string {
    return `${this.program.name}-${this.other.program.name}`;
  }

  /** Sends what the program's code asks for, if the session is still there. */
  expect(op: Op): boolean {
    if (this.over) return false;
    this.channel.push(op);
    return true;
  }

  // The wire

  sent(frame: Frame): void {
    if (typeof frame !== 'string') return void this.#attachments.push(frame);
    const messages = messagesIn(frame, this.#attachments);
    this.world.messages += messages.length;
    this.world.trace?.(`${this.name} sends ${frame}`);
    for (const message of messages) mentions(message, (id, token) => this.exported.add(id, token ?? this.#tokenOfReceiver(id, message)));
    this.#underway.push({ text: frame, messages });
  }

  /** The `this` of a call does not say what it is. */
  #tokenOfReceiver(id: number, message: Message): number {
    return this.exported.tokenOf(id) ?? receiverOf(this.world, message as CallMessage)?.token ?? 0;
  }

  arriving(frame: Frame): void {
    if (typeof frame !== 'string') return;
    const sent = this.other.#underway.shift();
    if (sent?.text !== frame) return this.world.problem('errors', `${this.name}: a frame arrived changed`);
    this.world.trace?.(`${this.name} receives ${sent.messages.length}: ${frame.slice(0, 60)}`);
    this.#reading = { messages: sent.messages, at: 0 };
    this.program.reading = this;
  }

  arrived(): void {
    this.readUntil(() => false);
    if (this.#dismissed && !this.over) this.world.problem('errors', `${this.name}: it has not ended, although the other side said goodbye`);
    this.#reading = undefined;
    this.program.reading = undefined;
    this.program.heap.learn();
    this.program.mustHaveHeard();
  }

  /** The peer handles messages one by one and runs the program's code in between: the model follows as far as it has got. */
  readUntil(enough: () => boolean): void {
    const reading = this.#reading;
    while (reading !== undefined && reading.at < reading.messages.length && !enough()) {
      const message = reading.messages[reading.at++]!;
      if (message[0] === VERB.bye) this.#dismissed = true;
      else this.#read(message);
    }
  }

  #read(message: Message): void {
    if (message[0] === VERB.release) this.#readRelease(message);
    if (message[0] !== VERB.call || isOfStandIn(message)) return;
    const op = this.other.channel.shift();
    if (op === undefined || !matches(op, message)) {
      return this.world.problem('misordered', `${this.name}: ${JSON.stringify(message)} arrives, expected was ${op?.kind ?? 'nothing'}`);
    }
    this.world.traffic.arrived(this, op);
  }

  #readRelease(message: ReleaseMessage): void {
    for (const [id, receipts] of releasesOf(message)) {
      const token = this.exported.tokenOf(id);
      if (this.exported.giveBack(id, receipts)) {
        // A value that is exported anew is not the service that was withdrawn.
        if (!this.exported.has(token!)) this.withdrawn.delete(token!);
        continue;
      }
      this.world.problem('premature', `${this.name}: ${receipts} receipts of ${id} are given back, which are not out`);
    }
  }

  // What the peer tells its owner

  greeted(): void {}

  service(name: string, proxy: object | undefined): void {
    serviceChanged(this, name, proxy);
  }

  failed(error: unknown, where: string): void {
    this.program.failed(this, error, where);
  }

  ended(reason: DynobotError | undefined): void {
    // What came before the other side's goodbye has been handled; what follows this side's own is not.
    if (!this.link.closedBy(this)) this.readUntil(() => false);
    this.#reading = undefined;
    this.over = true;
    this.world.trace?.(`${this.name} ended: ${reason === undefined ? 'by intention' : reason.message}`);
    this.link.ended(this, reason);
    this.world.traffic.ended(this);
  }
}
