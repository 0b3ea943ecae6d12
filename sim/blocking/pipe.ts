import { disconnected } from '../../src/errors.js';
import { encodeFrame, FrameDecoder } from '../../src/transports/frames.js';
import type { Frame, Transport, TransportReceiver } from '../../src/transports/transport.js';
import { VERB, type CallMessage, type InnerMessage, type Message, type ReleaseMessage } from '../../src/wire.js';
import type { Dice } from '../dice.js';
import { Receipts } from '../network/receipts.js';
import { mentions, releasesOf } from '../network/wire.js';
import type { Program } from './program.js';

/**
 * One end of a session, with the real framing. What was sent to it waits as bytes until the dice deliver a piece of them;
 * the pipe can be cut at any byte, in each direction at another.
 */
export class PipeEnd implements Transport {
  readonly buffered = 0;
  readonly isPrivate = true;
  other!: PipeEnd;
  /** What the other side may refer to of this one: told from the wire alone. */
  readonly exported = new Receipts();
  /** Frames that have been handed in. */
  delivered = 0;
  cutOff = false;
  readonly #decoder: FrameDecoder;
  #receiver: TransportReceiver | undefined;
  #arriving = new Uint8Array();
  /** Bytes that still arrive, once the pipe is cut. */
  #remaining = Infinity;
  /** Nothing more will be sent to this end. */
  #closing = false;
  #ending = false;
  #over = false;

  constructor(
    readonly name: string,
    readonly program: Program,
    private readonly dice: Dice,
  ) {
    this.#decoder = new FrameDecoder({ frame: (frame) => this.#frame(frame) }, (error) => this.destroy(error));
  }

  static pair(dice: Dice, [a, atA]: [string, Program], [b, atB]: [string, Program]): [PipeEnd, PipeEnd] {
    const ends: [PipeEnd, PipeEnd] = [new PipeEnd(`${a}-${b}`, atA, dice), new PipeEnd(`${b}-${a}`, atB, dice)];
    ends[0].other = ends[1];
    ends[1].other = ends[0];
    atA.ends.push(ends[0]);
    atB.ends.push(ends[1]);
    return ends;
  }

  get over(): boolean {
    return this.#over;
  }

  // What the peer asks

  open(receiver: TransportReceiver): void {
    this.#receiver = receiver;
  }

  send(frame: Frame): void {
    if (this.#ending) return;
    if (typeof frame === 'string') for (const message of JSON.parse(frame) as Message[]) this.#sent(message);
    this.other.#arrives(encodeFrame(frame));
  }

  close(): void {
    if (this.#ending) return;
    this.#ending = true;
    this.other.#closing = true;
  }

  destroy(error?: Error): void {
    this.#ending = true;
    this.other.#closing = this.#closing = true;
    this.#arriving = this.other.#arriving = new Uint8Array();
    this.#finish(error);
  }

  ref(): void {}

  unref(): void {}

  // What the dice decide

  get canDeliver(): boolean {
    return !this.#over && this.#receiver !== undefined && (this.#arriving.length > 0 || this.#closing || this.#remaining <= 0);
  }

  /** A piece arrives, which may end anywhere; or the end. */
  deliver(): void {
    const most = Math.min(this.#arriving.length, this.#remaining);
    if (most === 0) return this.#finish(this.#decoder.partial ? disconnected(`${this.name} ended in the middle of a frame`) : undefined);
    const length = most > 1 && this.dice.chance(0.3) ? this.dice.integer(1, most - 1) : most;
    const piece = this.#arriving.subarray(0, length);
    this.#arriving = this.#arriving.subarray(length);
    this.#remaining -= length;
    if (!this.#over) this.#decoder.push(piece);
  }

  /** Ends both directions, each at a byte of its own. */
  cut(): void {
    for (const end of [this, this.other]) {
      end.cutOff = true;
      if (end.#remaining === Infinity) end.#remaining = this.dice.integer(0, end.#arriving.length);
    }
  }

  #arrives(bytes: Uint8Array): void {
    if (this.#remaining < Infinity || this.#closing) return;
    const all = new Uint8Array(this.#arriving.length + bytes.length);
    all.set(this.#arriving);
    all.set(bytes, this.#arriving.length);
    this.#arriving = all;
  }

  #frame(frame: Frame): void {
    if (this.#ending) return;
    this.delivered++;
    if (typeof frame === 'string') for (const message of JSON.parse(frame) as Message[]) if (message[0] === VERB.release) this.#givenBack(message);
    this.#receiver!.frame(frame);
  }

  #finish(error?: Error): void {
    if (this.#over) return;
    this.#over = this.#ending = true;
    this.other.#closing = true;
    this.#receiver?.closed(error);
  }

  // What the wire says

  #sent(message: Message): void {
    const call = message[0] === VERB.inner ? ([VERB.call, ...(message as InnerMessage).slice(2)] as unknown as CallMessage) : message;
    mentions(call, (id, token) => this.exported.add(id, token ?? this.exported.tokenOf(id) ?? 0));
  }

  #givenBack(message: ReleaseMessage): void {
    for (const [id, receipts] of releasesOf(message)) {
      if (!this.exported.giveBack(id, receipts)) this.program.problem(`${this.name}: ${receipts} receipts of ${id} are given back, which are not out`);
    }
  }
}
