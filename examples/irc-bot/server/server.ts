import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { obey } from './commands/index.js';
import type { History } from './history.js';
import { lineReader } from './lines.js';
import { parse } from './message.js';
import { Network } from './network.js';
import { User } from './user.js';

/**
 * A small IRC server (RFC 1459 and 2812, as far as a client needs them), so that the demo needs none installed.
 * It writes down everything that happens: the witness that the demo calls at its end.
 */
export class IrcServer {
  readonly #network = new Network();
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #connections = 0;

  private constructor() {
    this.#server = createServer((socket) => this.#accept(socket));
  }

  /** Listens on loopback only. Port 0 takes any that is free. */
  static async listen(port = 0): Promise<IrcServer> {
    const irc = new IrcServer();
    irc.#server.listen(port, '127.0.0.1');
    await once(irc.#server, 'listening');
    return irc;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get history(): History {
    return this.#network.history;
  }

  /** Breaks every connection off. */
  async close(): Promise<void> {
    this.#server.close();
    await Promise.all([...this.#sockets].map((socket) => new Promise((resolve) => socket.once('close', resolve).destroy())));
  }

  #accept(socket: Socket): void {
    const network = this.#network;
    const write = (line: string) => socket.writable && socket.write(`${line}\r\n`);
    const user = new User(++this.#connections, socket.remoteAddress ?? 'unknown', write, () => socket.end());
    const read = lineReader((line) => {
      const message = parse(line);
      if (message !== undefined && socket.writable) obey(network, user, message);
    });
    let reason = 'Connection closed';
    this.#sockets.add(socket);
    network.open(user);
    socket.setEncoding('utf8').setNoDelay(true);
    socket.on('data', (chunk: string) => read(chunk) || socket.destroy(new Error('Line too long')));
    socket.on('error', (error) => (reason = error.message));
    socket.on('close', () => {
      this.#sockets.delete(socket);
      network.closed(user, reason);
    });
  }
}
