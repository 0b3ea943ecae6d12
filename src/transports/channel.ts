import { DynobotError } from '../errors.js';
import { envelopeIn } from './envelope.js';
import type { Envelope } from './envelope.js';
import { Inbox } from './inbox.js';
import { HIGH_WATER } from './transport.js';
import type { Frame, Transport, TransportReceiver } from './transport.js';

/** How long a closed end waits for the other side's answer. A side that runs no dynobot never gives one. */
const LINGER_MS = 2_000;

/** A way to exchange whole messages with one other place, which other code may use at the same time. */
export interface Channel {
  readonly name: string;
  /** The object that is the channel: no two sessions may be on it at once. */
  readonly target: object;
  /** Posts a message, in order. */
  post(envelope: Envelope): void;
  /** Calls back for every message, also for those of others, and when no more can come. Returns how to stop that. */
  listen(heard: (message: unknown) => void, gone: (error?: Error) => void): () => void;
  /** The other side stands still, and is woken by this whenever something is posted. */
  hang?(bell: Int32Array): void;
  ref(): void;
  unref(): void;
}

const taken = new WeakSet<object>();

/**
 * The frames of one session on a shared channel. It ends with the session and leaves the channel to the others.
 *
 * Where other code listens, what comes before the other end is made is gone. So frames wait until it has said that it is there.
 *
 * Neither `process.send` nor `postMessage` says when the other side has got anything, so the receiving end tells it,
 * once every HIGH_WATER units. The rest that it has not told yet counts as arrived.
 */
export class ChannelTransport implements Transport {
  readonly name: string;
  readonly isPrivate = true;
  readonly #channel: Channel;
  readonly #inbox: Inbox;
  readonly #stopListening: () => void;
  #state: 'open' | 'ending' | 'over' = 'open';
  /** The frames that wait for the other end; undefined since it is there. */
  #unmet: Frame[] | undefined = [];
  #ahead = 0;
  #full = false;
  #untold = 0;
  #linger: NodeJS.Timeout | undefined;

  /** @param soon runs a task after the code that runs now */
  constructor(channel: Channel, soon?: (task: () => void) => void) {
    this.#inbox = new Inbox(soon);
    if (taken.has(channel.target)) {
      throw new DynobotError('ERR_DYNOBOT_ARGUMENT', `${channel.name} already carries a session, or one that has not ended on the other side`);
    }
    taken.add(channel.target);
    this.name = channel.name;
    this.#channel = channel;
    this.#stopListening = channel.listen((message) => this.#heard(message), (error) => this.#gone(error));
    this.#post({ dynobot: 'here' });
  }

  get buffered(): number {
    return this.#ahead < HIGH_WATER ? 0 : this.#ahead;
  }

  open(receiver: TransportReceiver): void {
    this.#inbox.open({
      frame: (frame) => {
        receiver.frame(frame);
        this.#took(frame.length);
      },
      drained: () => receiver.drained(),
      closed: (error) => receiver.closed(error),
    });
  }

  send(frame: Frame): void {
    if (this.#state !== 'open') return;
    this.#ahead += frame.length;
    this.#full ||= this.#ahead >= HIGH_WATER;
    if (this.#unmet === undefined) this.#post({ dynobot: 'frame', frame });
    else this.#unmet.push(frame);
  }

  close(): void {
    if (this.#state === 'open') this.#end();
  }

  destroy(error?: Error): void {
    this.#ahead = 0;
    this.#inbox.deafen();
    this.#inbox.closed(error);
    this.close();
  }

  ref(): void {
    if (this.#state !== 'over') this.#channel.ref();
  }

  unref(): void {
    if (this.#state !== 'over') this.#channel.unref();
  }

  #post(envelope: Envelope): void {
    try {
      this.#channel.post(envelope);
    } catch (cause) {
      this.#gone(new DynobotError('ERR_DYNOBOT_DISCONNECTED', `${this.name} does not take messages`, { cause }));
    }
  }

  #heard(message: unknown): void {
    const envelope = envelopeIn(message);
    if (envelope?.dynobot === 'frame') this.#inbox.frame(envelope.frame);
    else if (envelope?.dynobot === 'taken') this.#arrived(envelope.units);
    else if (envelope?.dynobot === 'here') this.#met();
    else if (envelope?.dynobot === 'bell') this.#channel.hang?.(envelope.bell);
    else if (envelope?.dynobot === 'end') this.#ended();
  }

  #met(): void {
    if (this.#unmet === undefined || this.#state !== 'open') return;
    this.#post({ dynobot: 'here' });
    this.#flush();
    this.#unmet = undefined;
  }

  #flush(): void {
    for (const frame of this.#unmet?.splice(0) ?? []) this.#post({ dynobot: 'frame', frame });
  }

  #arrived(units: number): void {
    this.#ahead -= Math.min(units, this.#ahead);
    if (!this.#full || this.#ahead >= HIGH_WATER) return;
    this.#full = false;
    this.#inbox.drained();
  }

  #took(units: number): void {
    this.#untold += units;
    if (this.#untold < HIGH_WATER || this.#state !== 'open') return;
    this.#post({ dynobot: 'taken', units: this.#untold });
    this.#untold = 0;
  }

  /** Says goodbye, and waits for the other side's: until then it may still send, and that must not reach a later session. */
  #end(): void {
    this.#state = 'ending';
    this.#inbox.deafen();
    this.#linger = setTimeout(() => this.#unanswered(), LINGER_MS).unref();
    this.#flush();
    this.#post({ dynobot: 'end' });
  }

  /** An end that was never there has nothing to say any more. */
  #unanswered(): void {
    this.#settle();
    if (this.#unmet !== undefined) taken.delete(this.#channel.target);
  }

  /** The other side's goodbye, or its answer to ours. */
  #ended(): void {
    if (this.#state === 'open') this.#post({ dynobot: 'end' });
    this.#settle();
    taken.delete(this.#channel.target);
  }

  #gone(error?: Error): void {
    this.#settle(this.#state === 'open' ? error : undefined);
    taken.delete(this.#channel.target);
  }

  #settle(error?: Error): void {
    this.#state = 'over';
    this.#ahead = 0;
    clearTimeout(this.#linger);
    this.#stopListening();
    this.#inbox.closed(error);
  }
}
