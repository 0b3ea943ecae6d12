import type { Socket } from 'node:net';
import type { SocketRow } from './heads.js';

/** Gives the class of stand-ins the addresses of the real sockets, as read-only properties. */
export function defineAddresses(prototype: object, rowOf: (socket: Socket) => SocketRow): void {
  const define = (name: string, read: (head: SocketRow) => unknown): void => {
    Object.defineProperty(prototype, name, { get(this: Socket) { return read(rowOf(this)); }, configurable: true });
  };
  define('remoteAddress', (row) => row[2] || undefined);
  define('remotePort', (row) => row[3] || undefined);
  define('remoteFamily', (row) => row[4] || undefined);
  define('localAddress', (row) => row[5] || undefined);
  define('localPort', (row) => row[6] || undefined);
  define('localFamily', (row) => row[7] || undefined);
  define('pending', () => false);
  Object.defineProperty(prototype, 'bufferSize', { get(this: Socket) { return this.writableLength; }, configurable: true });
  Object.defineProperty(prototype, 'address', {
    value(this: Socket) {
      const row = rowOf(this);
      return row[5] === '' ? {} : { address: row[5], family: row[7], port: row[6] };
    },
    writable: true,
    configurable: true,
  });
}
