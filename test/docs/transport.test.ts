import { rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import type { Frame, Transport } from '../../src/index.js';
import { conformance } from '../transports/conformance.js';
import { followOrders, type Report } from '../transports/far-side.js';
import { fileIn } from './snippets.js';

// The transport that docs/transports.md shows, held to what it says there.
const file = fileURLToPath(new URL(`./websocket-${process.pid}.ts`, import.meta.url));
writeFileSync(file, fileIn('docs/transports.md', 'websocket.ts'));
const { WebSocketTransport } = (await import(/* @vite-ignore */ file)) as { WebSocketTransport: new (socket: FakeWebSocket) => Transport };
rmSync(file);
afterAll(() => rmSync(file, { force: true }));

conformance('the transport in the docs', () => {
  const [left, right] = FakeWebSocket.pair();
  const near = new WebSocketTransport(left);
  const far = new Promise<Report>((resolve) => followOrders(new WebSocketTransport(right), resolve));
  return { near, far, dispose: () => near.destroy() };
});

type Heard = (event: { data: unknown }) => void;

/** As much of a WebSocket as there is to it: frames reach the other one later, a close after what was sent before. */
class FakeWebSocket {
  binaryType = 'blob';
  bufferedAmount = 0;
  #other!: FakeWebSocket;
  #isClosing = false;
  readonly #listeners: { message: Heard[]; close: Heard[] } = { message: [], close: [] };

  static pair(): [FakeWebSocket, FakeWebSocket] {
    const [left, right] = [new FakeWebSocket(), new FakeWebSocket()];
    left.#other = right;
    right.#other = left;
    return [left, right];
  }

  addEventListener(type: 'message' | 'close', listener: Heard): void {
    this.#listeners[type].push(listener);
  }

  send(data: Frame): void {
    if (this.#isClosing) return;
    this.bufferedAmount += data.length;
    const sent = typeof data === 'string' ? data : new Uint8Array(data).buffer;
    setImmediate(() => {
      this.bufferedAmount -= data.length;
      this.#other.#tell('message', sent);
    });
  }

  close(): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    setImmediate(() => {
      this.#other.close();
      this.#tell('close', undefined);
    });
  }

  #tell(type: 'message' | 'close', data: unknown): void {
    for (const listener of this.#listeners[type]) listener({ data });
  }
}
