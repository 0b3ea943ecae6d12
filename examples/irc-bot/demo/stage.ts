import { randomInt } from 'node:crypto';
import { IrcServer } from '../server/server.js';

/** Where the story is played: an IRC server, and the names that its actors have there. */
export interface Stage {
  readonly address: string;
  readonly nick: string;
  readonly channel: string;
  /** How long an actor may keep another waiting, in ms. */
  readonly patience: number;
  /** The demo's own server; undefined on a real network, whose log is not ours to read. */
  readonly own: IrcServer | undefined;
}

export async function setUp(address: string | undefined): Promise<Stage> {
  if (address !== undefined) {
    const number = randomInt(10_000);
    return { address, nick: `dyno${number}`, channel: `#dynobot-${number}`, patience: 60_000, own: undefined };
  }
  const own = await IrcServer.listen();
  return { address: `127.0.0.1:${own.port}`, nick: 'dynobot', channel: '#dynobot', patience: 10_000, own };
}
