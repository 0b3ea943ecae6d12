import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { addressOf } from '../../src/transports/address.js';
import { FrameDecoder } from '../../src/transports/frames.js';
import { PATIENCE, within } from '../support/deadline.js';

const all = new Set<ByHand>();

/** Speaks the wire by hand, and says whatever the test wants said. */
export class ByHand {
  readonly received: unknown[][] = [];
  readonly #socket: Socket;
  readonly #closed: Promise<unknown>;
  #look = (): void => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#closed = new Promise((resolve) => socket.once('close', resolve));
    const decoder = new FrameDecoder({ frame: (frame) => this.#read(frame) }, () => socket.destroy());
    socket.on('data', (chunk: Uint8Array) => decoder.push(chunk));
    socket.on('error', () => {});
  }

  /** Also those that a failed test has left. */
  static destroyAll(): void {
    for (const peer of all) peer.destroy();
    all.clear();
  }

  static async connect(host: string): Promise<ByHand> {
    const socket = createConnection(addressOf(host).path);
    await once(socket, 'connect');
    const peer = new ByHand(socket);
    all.add(peer);
    return peer;
  }

  /** The other way about: waits, as a host, for the one client that dials `path`. */
  static async accepted(path: string, dials: () => Promise<unknown>): Promise<ByHand> {
    const server = createServer().listen(path);
    await once(server, 'listening');
    const dialed = dials();
    dialed.catch(() => {});
    const [socket] = (await once(server, 'connection')) as [Socket];
    server.close();
    const peer = new ByHand(socket);
    all.add(peer);
    return peer;
  }

  /** Connected, greeted, and told of the services: `ids` are those of their references. */
  static async greeted(host: string, name: string): Promise<{ peer: ByHand; ids: Map<string, number> }> {
    const peer = await ByHand.connect(host);
    peer.say([0, 'dynobot', 1, { name, pid: 1, services: 0 }]);
    await peer.hears(([verb, service]) => verb === 8 && service === 'emitter');
    const ids = new Map(peer.received.filter(([verb]) => verb === 8).map(([, service, reference]) => [String(service), (reference as number[])[2]!]));
    return { peer, ids };
  }

  say(...messages: unknown[]): void {
    this.raw(`${JSON.stringify(messages)}\n`);
  }

  raw(bytes: string | Uint8Array): void {
    this.#socket.write(bytes);
  }

  async hears(fits: (message: unknown[]) => boolean): Promise<unknown[]> {
    return within(PATIENCE, 'a message by hand', new Promise((resolve) => {
      this.#look = () => {
        const found = this.received.find(fits);
        if (found !== undefined) resolve(found);
      };
      this.#look();
    }));
  }

  /** The code and the reason with which the other side has ended the session. */
  async ended(): Promise<{ code: unknown; reason: unknown }> {
    await within(PATIENCE, 'the end of the session', this.#closed);
    const [, code, reason] = this.received.find(([verb]) => verb === 10) ?? [];
    return { code, reason };
  }

  destroy(): void {
    this.#socket.destroy();
  }

  end(): void {
    this.#socket.end();
  }

  #read(frame: string | Uint8Array): void {
    if (typeof frame === 'string') this.received.push(...(JSON.parse(frame) as unknown[][]));
    this.#look();
  }
}
