import { LIMITS } from '../../src/limits.js';
import { nodeBases } from '../../src/node/bases.js';
import { nodeMaxListeners } from '../../src/node/max-listeners.js';
import type { PeerOptions } from '../../src/peer/options.js';
import type { Platform } from '../../src/platform.js';
import { Shapes } from '../../src/proxies/shape.js';
import type { Frame } from '../../src/transports/transport.js';
import { builtInKinds } from '../../src/values/built-in.js';
import { Kinds } from '../../src/values/kinds.js';
import type { Message } from '../../src/wire.js';
import { Line } from '../network/line.js';
import { SimTransport } from '../network/transport.js';
import type { RoleHeap } from './heap.js';
import { ticket } from './ticket.js';
import type { RoleWorld } from './world.js';

const shapes = new Shapes(nodeBases);
// Silence is not watched: a run would never come to rest.
const limits = { ...LIMITS, heartbeat: 0 };
export const kinds = new Kinds(builtInKinds, [ticket]);

/** A process can be killed: then it hears and does nothing any more. */
class MortalTransport extends SimTransport {
  isRunning = (): boolean => true;

  override bytes(chunk: Uint8Array): void {
    if (this.isRunning()) super.bytes(chunk);
  }

  override ended(): void {
    if (this.isRunning()) super.ended();
  }
}

/** Who reads along with the host: what it has sent, and what has come to it. */
export interface Reader {
  sent(message: Message): void;
  arrived(): void;
}

/** The two transports of one process and the host. */
export class RoleLink {
  readonly host: SimTransport;
  readonly client: MortalTransport;
  readonly #lines: readonly [toHost: Line, toClient: Line];
  /** Frames under way, and messages that are not yet in one. */
  underway = 0;
  unsent = 0;

  constructor(
    private readonly world: RoleWorld,
    name: string,
    isRunning: () => boolean,
    reader: Reader,
  ) {
    const { clock, dice, plan: { manner } } = world;
    this.host = new SimTransport(`host-${name}`, clock, {
      sent: (frame) => {
        this.underway++;
        for (const message of this.#messages(`host to ${name}`, frame)) reader.sent(message);
      },
      arriving: () => void this.underway--,
      arrived: () => reader.arrived(),
    });
    this.client = new MortalTransport(name, clock, {
      sent: (frame) => {
        this.underway++;
        this.#messages(`${name} to host`, frame);
      },
      arriving: () => void this.underway--,
      arrived: () => {},
    });
    this.client.isRunning = isRunning;
    this.client.out = new Line(clock, dice, manner, this.host);
    this.host.out = new Line(clock, dice, manner, this.client);
    this.#lines = [this.client.out, this.host.out];
  }

  get isQuiet(): boolean {
    return this.underway === 0 && this.unsent === 0;
  }

  cut(): void {
    for (const line of this.#lines) line.cut();
  }

  #messages(what: string, frame: Frame): Message[] {
    if (typeof frame !== 'string') return [];
    const messages = JSON.parse(frame) as Message[];
    this.world.messages += messages.length;
    this.world.trace?.(`${what}: ${frame}`);
    return messages;
  }
}

/** What a session needs, under the control of the run. */
export function platformOf(world: RoleWorld, heap: RoleHeap, link: { unsent: number } | undefined, isRunning: () => boolean, uncaught: (error: unknown) => void): Platform {
  const { clock, dice, plan } = world;
  return {
    weak: heap.weak,
    bases: nodeBases,
    kinds: [],
    maxListeners: nodeMaxListeners,
    defer: (task) => {
      if (link !== undefined) link.unsent++;
      clock.after(dice.next() * plan.gathering, () => {
        if (link !== undefined) link.unsent--;
        if (isRunning()) task();
      });
    },
    // As Node's, none takes no time at all.
    after: (ms, task) => clock.after(Math.max(ms, 1), () => {
      if (isRunning()) task();
    }),
    now: () => clock.now,
    uncaught,
    warn: () => {},
  };
}

export function peerOptionsOf(platform: Platform, label: string, mayIgnoreAnswers: boolean): PeerOptions {
  return { platform, limits, kinds, shapes, timeout: 0, mayIgnoreAnswers, label, slowReader: 'disconnect' };
}
