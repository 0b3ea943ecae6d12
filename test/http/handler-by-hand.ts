import { connect as dial, type Socket } from 'node:net';
import { ByHand } from '../peer/by-hand.js';
import type { HostProcess } from '../support/host-process.js';

export interface HandlerByHand {
  client: Socket;
  peer: ByHand;
  /** References and numbers of the host's. */
  gateway: number;
  number: number;
  socket: number;
  say: (method: string, ...args: unknown[]) => void;
}

/** A handler by hand that has got a request, or an upgrade; `say` calls a method of the host's gateway. */
export async function handlerByHand(host: HostProcess, event: string, text: string): Promise<HandlerByHand> {
  const peer = await ByHand.connect(host.name);
  peer.say([0, 'dynobot', 1, { name: 'hostile', pid: 1, services: 0 }]);
  const [, , web] = await peer.hears(([verb, name]) => verb === 8 && name === 'web');
  peer.say([7, 1, { parent: 0, name: 'B', base: '', methods: [], accessors: [], listening: [], iterable: false }]);
  peer.say([1, 1, (web as unknown[])[2], 1, 'on', [event, ['$', 'F', 1, 2, 'f']], 1]);
  await peer.hears(([verb, call]) => verb === 2 && call === 1);
  const client = dial(await host.ask<number>('port'), '127.0.0.1').on('error', () => {});
  client.write(text);
  const message = await peer.hears((heard) => JSON.stringify(heard).includes('HttpRequest'));
  const args = message.find(Array.isArray) as [[string, string, [unknown[], unknown[]]]];
  const [row, gateway] = args[0][2];
  const say = (method: string, ...given: unknown[]): void => peer.say([1, 0, gateway[2], 1, method, given, method === 'serve' ? 1 : 0]);
  say('serve', ['$', 'O', 2, 1, {}]);
  return { client, gateway: gateway[2] as number, peer, number: row[0] as number, socket: (row[8] as number[])[0]!, say };
}
