import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { PATIENCE, within } from '../support/deadline.js';
import type { Case } from './cases.js';
import { parse, type Received } from './frames.js';

/** What a client saw on the wire, from the handshake to the end of the connection: every byte, the long parts by their hash. */
export interface Transcript {
  /** The head of the answer to the handshake. */
  handshake: string;
  frames: string[];
  /** What is no whole frame. */
  rest: string;
}

/** Plays a case against a server, by hand. */
export async function play({ name, server, steps }: Case, port: number, path = '/'): Promise<Transcript> {
  const client = new RawClient(connect({ port, host: '127.0.0.1', noDelay: true }));
  return within(PATIENCE, name, client.play(steps, path, server === 'plain' ? undefined : 'permessage-deflate; client_max_window_bits'));
}

class RawClient {
  #bytes: Buffer = Buffer.alloc(0);
  #arrived = (): void => {};
  readonly #closed: Promise<unknown>;

  constructor(private readonly socket: Socket) {
    socket.on('error', () => {}); // A reset is an end like others.
    socket.on('data', (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      this.#arrived();
    });
    this.#closed = once(socket, 'close').catch(() => {});
    void this.#closed.then(() => this.#arrived());
  }

  async play(steps: Case['steps'], path: string, extensions: string | undefined): Promise<Transcript> {
    this.socket.write(handshake(path, extensions));
    await this.#until(() => this.#bytes.includes('\r\n\r\n'));
    const end = this.#bytes.indexOf('\r\n\r\n') + 4;
    const head = this.#bytes.subarray(0, end).toString('latin1');
    this.#bytes = this.#bytes.subarray(end);
    for (const step of steps) await this.#step(step);
    await this.#closed;
    const { frames, rest } = parse(this.#bytes);
    return { handshake: head, frames: frames.map(described), rest: rest.toString('hex') };
  }

  async #step(step: Case['steps'][number]): Promise<void> {
    if ('frames' in step) return this.#until(() => parse(this.#bytes).frames.length >= step.frames);
    if ('write' in step) return void this.socket.write(step.write);
    if ('chop' in step) return this.#chop(step.chop);
    if (step.leave === 'end') this.socket.end();
    else this.socket.resetAndDestroy();
  }

  async #chop(bytes: Buffer): Promise<void> {
    for (const byte of bytes) {
      this.socket.write(Buffer.from([byte]));
      await turn();
    }
  }

  /** Until it is so, or the connection has ended. */
  async #until(isSo: () => boolean): Promise<void> {
    while (!isSo() && !this.socket.destroyed) await new Promise<void>((resolve) => (this.#arrived = resolve));
  }
}

function described({ head, payload }: Received): string {
  const shown = payload.length <= 130 ? payload.toString('latin1') : createHash('sha1').update(payload).digest('hex');
  return `${head.toString(16)} ${payload.length} ${shown}`;
}

function handshake(path: string, extensions: string | undefined): string {
  const lines = [`GET ${path} HTTP/1.1`, 'Host: localhost', 'Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=='];
  if (extensions !== undefined) lines.push(`Sec-WebSocket-Extensions: ${extensions}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}
