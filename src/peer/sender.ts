import { DynobotError } from '../errors.js';
import type { Reference } from '../proxies/reference.js';
import type { Kinds } from '../values/kinds.js';
import { Packer } from '../values/packer.js';
import { Uncrossable } from '../values/path.js';
import { VERB, type Escapes, type Message, type Operation, type Packed } from '../wire.js';
import type { Outbox } from './outbox.js';
import type { References } from './references.js';

/** Turns what a peer has to say into messages. What cannot cross is refused before anything is sent. */
export class Sender {
  constructor(
    private readonly outbox: Outbox,
    private readonly references: References,
    private readonly kinds: Kinds,
    private readonly maxDepth: number,
  ) {}

  /** @throws DynobotError ERR_DYNOBOT_UNCLONABLE, ERR_DYNOBOT_LIMIT, ERR_DYNOBOT_RELEASED */
  call(call: number, to: Reference, operation: Operation, name: string | 0, args: unknown[], receiver: unknown): void {
    this.#send('arguments', (packer) => {
      const packed = packer.pack(args);
      const { escapes } = packer;
      const self = receiver === undefined ? undefined : packer.packReceiver(receiver);
      return self === undefined
        ? [VERB.call, call, to.id, operation, name, packed, escapes]
        : [VERB.call, call, to.id, operation, name, packed, escapes, self];
    });
  }

  answer(call: number, value: unknown): void {
    try {
      this.#send('result', (packer) => [VERB.return, call, packer.pack(value), packer.escapes]);
    } catch (error) {
      this.throw(call, error);
    }
  }

  throw(call: number, error: unknown): void {
    this.#sendError(error, (packed, escapes) => [VERB.throw, call, packed, escapes]);
  }

  fault(where: string, error: unknown): void {
    this.#sendError(error, (packed, escapes) => [VERB.fault, where, packed, escapes]);
  }

  service(name: string, service: object | null): void {
    this.#send(`services.${name}`, (packer) => [VERB.service, name, packer.pack(service)]);
  }

  /** A message that holds nothing of the user's. */
  plain(message: Message): void {
    this.outbox.push(JSON.stringify(message), NONE);
  }

  #send(root: string, build: (packer: Packer) => Message): void {
    const packer = new Packer(this.kinds, this.references, this.maxDepth);
    try {
      const text = this.references.message(() => JSON.stringify(build(packer)));
      this.outbox.push(text, packer.attachments);
    } catch (error) {
      throw Uncrossable.report(error, root);
    }
  }

  /** An error that cannot cross itself is told of by one that can. */
  #sendError(error: unknown, build: (packed: Packed, escapes: Escapes) => Message): void {
    const send = (value: unknown): void => this.#send('error', (packer) => build(packer.pack(value), packer.escapes));
    try {
      send(error);
    } catch (problem) {
      send(new DynobotError('ERR_DYNOBOT_UNCLONABLE', `${messageOf(problem)}; the error was ${messageOf(error)}`));
    }
  }
}

const NONE: readonly Uint8Array[] = [];

function messageOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : typeof error;
}
