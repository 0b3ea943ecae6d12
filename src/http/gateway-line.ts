import { referenceOf } from '../proxies/reference.js';
import { DROPPED, Holder } from '../values/carrier.js';
import { BEFORE_COMPLETE } from './flags.js';
import type { Gateway } from './gateway.js';
import type { HostedSocket } from './hosted-socket.js';
import type { Socket } from 'node:net';

/** The longest timeout that Node knows, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/**
 * What crosses of a gateway: the methods that PROTOCOL.md names, and nothing else, for all of them can be called with
 * anything. Numbers that are not in hand are ignored, since messages cross; so is what makes no sense.
 */
export class GatewayLine extends Holder {
  readonly #gateway: Gateway;

  constructor(gateway: Gateway) {
    super();
    this.#gateway = gateway;
  }

  serve(backend: unknown): void {
    if (typeof backend === 'object' && backend !== null && referenceOf(backend) !== undefined) this.#gateway.serve(backend);
  }

  /** `id, flags, status, message, form, data, …` */
  answer(...args: unknown[]): void {
    const [number, flags] = args;
    if (typeof number === 'number' && areFlags(flags)) this.#gateway.answer(number, args);
  }

  /** So much of a body was read. */
  took(number: unknown, size: unknown): void {
    const holding = this.#gateway.heldAt(number);
    if (typeof size === 'number' && size > 0) holding?.exchange.read(holding, size);
  }

  /** `id, form, data, …`: written to a socket beneath HTTP. */
  write(...args: unknown[]): void {
    // Who has not introduced itself could not be told when to wait.
    if (this.#gateway.isServed) this.#hosted(args[0])?.write(this.#gateway, args, 1);
  }

  /** It has had all that had come on a connection, and has answered what it answers at once. */
  settled(id: unknown): void {
    this.#hosted(id)?.settling.settled(this.#gateway);
  }

  /** So much of a socket was read, and more is wanted. */
  read(id: unknown, size: unknown): void {
    if (typeof size === 'number' && size >= 0) this.#hosted(id)?.read(this.#gateway, size);
  }

  finish(id: unknown): void {
    this.#socket(id)?.end();
  }

  destroy(id: unknown, error: unknown): void {
    this.#hosted(id)?.destroy(error instanceof Error ? error : undefined);
  }

  reset(id: unknown): void {
    this.#hosted(id)?.reset();
  }

  setTimeout(id: unknown, milliseconds: unknown): void {
    const hosted = this.#hosted(id);
    if (hosted === undefined || typeof milliseconds !== 'number' || !(milliseconds >= 0 && milliseconds <= LONGEST)) return;
    hosted.watchTimeout(this.#gateway);
    hosted.socket.setTimeout(milliseconds);
  }

  setNoDelay(id: unknown, enable: unknown): void {
    this.#socket(id)?.setNoDelay(enable === true);
  }

  setKeepAlive(id: unknown, enable: unknown, delay: unknown): void {
    if (typeof delay === 'number' && delay >= 0) this.#socket(id)?.setKeepAlive(enable === true, delay);
  }

  /** The session has ended. */
  [DROPPED](): void {
    this.#gateway.lost();
  }

  #hosted(id: unknown): HostedSocket | undefined {
    return this.#gateway.hostedAt(id);
  }

  #socket(id: unknown): Socket | undefined {
    return this.#hosted(id)?.socket;
  }
}

function areFlags(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) < 2 * BEFORE_COMPLETE;
}
