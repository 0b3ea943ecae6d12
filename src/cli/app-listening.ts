import { Server } from 'node:http';
import { Server as NetServer, type AddressInfo } from 'node:net';

export interface Plugged {
  /** Where the hosted server listens. */
  readonly address: AddressInfo;
  /** The app has closed its server. */
  close(): Promise<void>;
}

/**
 * Makes `listen(port)` of an HTTP server of this process plug its listeners into the hosted one, which has that port. Other
 * servers, and other ports, listen as ever; `other` is told where an HTTP server does.
 */
export function plugInsteadOfListening(port: number, plug: (server: Server) => Promise<Plugged>, other: (address: AddressInfo | string) => void): void {
  const listen = Reflect.get(NetServer.prototype, 'listen') as (...args: unknown[]) => Server;
  NetServer.prototype.listen = function (this: NetServer, ...args: unknown[]): NetServer {
    if (!(this instanceof Server)) return listen.apply(this, args);
    if (portOf(args) !== port) {
      this.once('listening', () => other(this.address()!));
      return listen.apply(this, args);
    }
    const callback = args.at(-1);
    if (typeof callback === 'function') this.once('listening', callback as () => void);
    plug(this).then((plugged) => pretend(this, plugged), (error: Error) => this.emit('error', error));
    return this;
  } as NetServer['listen'];
}

/** `listen(3000)`, `listen('3000')`, `listen({ port: 3000 })`. */
function portOf([first]: unknown[]): number | undefined {
  const port: unknown = typeof first === 'object' && first !== null ? Reflect.get(first, 'port') : first;
  return typeof port === 'number' || typeof port === 'string' ? Number(port) : undefined;
}

/** To the app its server listens. */
function pretend(server: Server, { address, close }: Plugged): void {
  const end = (callback?: (error?: Error) => void): Server => {
    if (callback !== undefined) server.once('close', callback);
    void close().then(() => {
      for (const name of ['listening', 'address', 'close']) Reflect.deleteProperty(server, name);
      server.emit('close');
    });
    return server;
  };
  Object.defineProperties(server, {
    listening: { value: true, configurable: true },
    address: { value: () => address, configurable: true },
    close: { value: end, configurable: true },
  });
  server.emit('listening');
}
