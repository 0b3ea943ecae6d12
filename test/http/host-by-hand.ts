import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeFrame } from '../../src/transports/frames.js';
import { ByHand } from '../peer/by-hand.js';
import type { TestProcess } from '../support/test-process.js';

export const SOCKET: readonly unknown[] = [1, false, ['127.0.0.1', 5000, 'IPv4', '127.0.0.1', 80, 'IPv4'].join('\x7f'), 0];
export const COMPLETE = 1;
/** Of the response to request 1: the connection is kept alive. */
export const RESPONSE: readonly unknown[] = [1, 1, 5000, 0, 16_384, 0, 0];

/** A request as a host describes it, with what is to be different. */
export function requestRow(number: number, parts: Record<number, unknown> = {}): unknown[] {
  const row: unknown[] = [number, COMPLETE, 'GET', '/', 1, 1, 2, ['Host', 'x'], SOCKET, 0, 0, 0, ''];
  for (const [at, part] of Object.entries(parts)) row[Number(at)] = part;
  return row;
}

const GATEWAY = ['$', 'O', 2, 1, {}];
let hosts = 0;

/** A host by hand whose only service is a server that a real process handles. */
export class HostByHand {
  #calls = 100;
  #isIntroduced = false;

  private constructor(
    readonly peer: ByHand,
    private readonly onRequest: number,
    private readonly onUpgrade: number,
  ) {}

  static async start(client: TestProcess): Promise<HostByHand> {
    const directory = mkdtempSync(join(tmpdir(), 'by-hand-'));
    try {
      const path = join(directory, `${++hosts}.sock`);
      const peer = await ByHand.accepted(path, () => client.ask('handle', path));
      peer.say(
        [0, 'dynobot', 1, { name: 'hostile', pid: 1, services: 1 }],
        [7, 1, { parent: 0, name: 'Server', base: 'Server', methods: [], accessors: [], listening: [['on', 'this']], iterable: false }],
        [8, 'web', ['$', 'O', 1, 1, {}]],
      );
      return new HostByHand(peer, await listener(peer, 'request'), await listener(peer, 'upgrade'));
    } finally {
      rmSync(directory, { recursive: true });
    }
  }

  /** The first message brings the gateway. */
  get #gateway(): unknown {
    if (this.#isIntroduced) return 0;
    this.#isIntroduced = true;
    return GATEWAY;
  }

  requestHead(row: unknown[], tls: unknown = 0): unknown[] {
    const gateway = this.#gateway;
    return gateway === 0 && tls === 0 ? ['$', 'd', 'HttpRequest', ...row] : ['$', 'HttpRequest', [row, gateway, tls]];
  }

  /** Emits `request`. `isWhole`: its response brings its request along by itself. */
  request(row: unknown[], response: readonly unknown[] = RESPONSE.with(0, row[0]), tls: unknown = 0, isWhole = false): void {
    this.emit([this.requestHead(row, tls), isWhole ? ['$', 'HttpResponse', [response, ['$', 'r', 1]]] : ['$', 'd', 'HttpResponse', ...response]]);
  }

  /** What comes after it need not bring the gateway. */
  introduce(): void {
    this.emit([this.requestHead(requestRow(90))]);
  }

  upgrade(row: unknown[], socket: readonly unknown[] = SOCKET): void {
    const head = this.requestHead(row);
    this.peer.say([1, 0, this.onUpgrade, 0, 0, [head, ['$', 'd', 'Socket', ...socket], ''], 1]);
  }

  emit(args: unknown[], ...attachments: Uint8Array[]): void {
    for (const bytes of attachments) this.peer.raw(encodeFrame(bytes));
    this.peer.say([1, 0, this.onRequest, 0, 0, args, 1 + attachments.length]);
  }

  /** The reference of the backend that the client has introduced. */
  async backend(): Promise<number> {
    const [, , , , , args] = await this.peer.hears((message) => message[0] === 1 && message[4] === 'serve');
    return (args as unknown[][])[0]![2] as number;
  }

  /** Calls a method of the backend and wants no answer. */
  async say(method: string, ...args: unknown[]): Promise<void> {
    this.peer.say([1, 0, await this.backend(), 1, method, args, 1]);
  }

  /** Whether the session is still there, once all that was said has come: what was answered to a call. */
  async isThere(): Promise<boolean> {
    const call = ++this.#calls;
    this.peer.say([1, call, await this.backend(), 1, 'over', [0], 0]);
    const [verb] = await this.peer.hears(([heard, answered]) => heard === 10 || ((heard === 2 || heard === 3) && answered === call));
    return verb !== 10;
  }
}

async function listener(peer: ByHand, event: string): Promise<number> {
  const isAttaching = ([verb, , , , name, args]: unknown[]): boolean => verb === 1 && name === 'on' && (args as unknown[])[0] === event;
  const [, , , , , args] = await peer.hears(isAttaching);
  return ((args as unknown[][])[1] as number[])[2]!;
}
