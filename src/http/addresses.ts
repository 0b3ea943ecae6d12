import type { Socket } from 'node:net';

/** The two ends of a connection. What is not known, as of a unix socket, is undefined. */
export class Addresses {
  readonly remoteAddress: string | undefined;
  readonly remotePort: number | undefined;
  readonly remoteFamily: string | undefined;
  readonly localAddress: string | undefined;
  readonly localPort: number | undefined;
  readonly localFamily: string | undefined;

  /** @param text what `addressesOf` has made */
  constructor(text: string) {
    const [remoteAddress, remotePort, remoteFamily, localAddress, localPort, localFamily] = text.split(SEPARATOR);
    this.remoteAddress = remoteAddress || undefined;
    this.remotePort = Number(remotePort) || undefined;
    this.remoteFamily = remoteFamily || undefined;
    this.localAddress = localAddress || undefined;
    this.localPort = Number(localPort) || undefined;
    this.localFamily = localFamily || undefined;
  }
}

/** In no address, whatever a host's own code says that one is; and JSON has it as it is. */
const SEPARATOR = '\x7f';

/** As one text: they go with every request, and most handlers never ask. */
export function addressesOf(socket: Socket): string {
  const { remoteAddress, remotePort, remoteFamily, localAddress, localPort, localFamily } = socket;
  return [remoteAddress, remotePort, remoteFamily, localAddress, localPort, localFamily].join(SEPARATOR);
}

/** Gives the class of stand-ins the addresses of the real sockets, as read-only properties. */
export function defineAddresses(prototype: object, of: (socket: Socket) => Addresses): void {
  for (const name of ['remoteAddress', 'remotePort', 'remoteFamily', 'localAddress', 'localPort', 'localFamily'] as const) {
    Object.defineProperty(prototype, name, { get(this: Socket) { return of(this)[name]; }, configurable: true });
  }
  Object.defineProperty(prototype, 'pending', { get: () => false, configurable: true });
  Object.defineProperty(prototype, 'bufferSize', { get(this: Socket) { return this.writableLength; }, configurable: true });
  Object.defineProperty(prototype, 'address', {
    value(this: Socket) {
      const { localAddress: address, localFamily: family, localPort: port } = of(this);
      return address === undefined ? {} : { address, family, port };
    },
    writable: true,
    configurable: true,
  });
}
