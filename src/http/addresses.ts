import type { Socket } from 'node:net';
import type { SocketHead } from './hosted-socket.js';

/** Gives the class of stand-ins the addresses of the real sockets, as read-only properties. */
export function defineAddresses(prototype: object, headOf: (socket: Socket) => SocketHead): void {
  const define = (name: string, read: (head: SocketHead) => unknown): void => {
    Object.defineProperty(prototype, name, { get(this: Socket) { return read(headOf(this)); }, configurable: true });
  };
  define('remoteAddress', (head) => head[2] || undefined);
  define('remotePort', (head) => head[3] || undefined);
  define('remoteFamily', (head) => head[4] || undefined);
  define('localAddress', (head) => head[5] || undefined);
  define('localPort', (head) => head[6] || undefined);
  define('localFamily', (head) => head[7] || undefined);
  define('pending', () => false);
  Object.defineProperty(prototype, 'address', {
    value(this: Socket) {
      const head = headOf(this);
      return head[5] === '' ? {} : { address: head[5], family: head[7], port: head[6] };
    },
    writable: true,
    configurable: true,
  });
}
