// A client that speaks the wire by hand.
import { once } from 'node:events';
import { createConnection } from 'node:net';

/** The path of the socket of a host by that name. */
export const pathOf = (name) => `${process.env.XDG_RUNTIME_DIR || '/tmp'}/dynobot-${process.getuid()}/${name}.sock`;

export class ByHand {
  messages = [];
  #rest = '';
  #look = () => {};

  constructor(socket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => socket.once('close', resolve));
    socket.on('error', () => {});
    socket.setEncoding('latin1').on('data', (text) => this.#read(text));
  }

  static async connect(host) {
    const socket = createConnection(pathOf(host));
    await once(socket, 'connect');
    return new ByHand(socket);
  }

  /** Connected and greeted; `ids` are those of the services. */
  static async greeted(host, name = 'hand') {
    const peer = await ByHand.connect(host);
    peer.say([0, 'dynobot', 1, { name, pid: 1, services: 0 }]);
    const hello = await peer.hears(([verb]) => verb === 0);
    await peer.hears(() => peer.messages.filter(([verb]) => verb === 8).length === hello[3].services);
    peer.ids = Object.fromEntries(peer.messages.filter(([verb]) => verb === 8).map(([, service, reference]) => [service, reference[2]]));
    return peer;
  }

  say(...messages) {
    this.raw(`${JSON.stringify(messages)}\n`);
  }

  raw(bytes) {
    return this.socket.write(bytes);
  }

  hears(fits) {
    return new Promise((resolve) => {
      this.#look = () => {
        const found = this.messages.find(fits);
        if (found !== undefined) resolve(found);
      };
      this.#look();
      void this.closed.then(() => resolve(undefined));
    });
  }

  /** The code with which the other side has ended the session, if it has said one. */
  async ended() {
    await this.closed;
    return this.messages.find(([verb]) => verb === 10)?.[1];
  }

  #read(text) {
    const lines = (this.#rest + text).split('\n');
    this.#rest = lines.pop();
    for (const line of lines) {
      try {
        this.messages.push(...JSON.parse(line));
      } catch {
        // An attachment, which nobody here asks for.
      }
    }
    this.#look();
  }
}
