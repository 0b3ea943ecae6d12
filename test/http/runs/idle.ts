import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { eventually } from '../../support/eventually.js';
import { Stage } from './stage.js';

const AT_ONCE = 200;
/** Until the handler lets go of stand-ins for connections that idle. */
const SETTLED = 1500;

/** KiB of heap by which a handler has grown for so many connections, each of which has made a request and idles since. */
export async function idle(connections: number): Promise<{ heap: number; isAlive: boolean }> {
  const stage = await Stage.open({ OPTIONS: JSON.stringify({ keepAliveTimeout: 600_000 }) });
  const handler = await stage.handle();
  const sockets: Socket[] = [];
  const heap = async (): Promise<number> => (await handler.ask<NodeJS.MemoryUsage>('memory')).heapUsed / 1024;
  try {
    await open(stage, sockets, AT_ONCE);
    await settle(handler);
    const before = await heap();
    while (sockets.length < connections) await open(stage, sockets, Math.min(AT_ONCE, connections - sockets.length));
    await eventually('connections', () => stage.host.ask('connections'), sockets.length);
    await settle(handler);
    const after = await heap();
    return { heap: Math.round(after - before), isAlive: (await ask(sockets[connections >> 1]!)).includes('200 OK') };
  } finally {
    for (const socket of sockets) socket.destroy();
    await stage.close();
  }
}

async function settle(handler: Stage['handlers'][number]): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, SETTLED));
  // What is weakly held goes in one collection, and the notes on it in the next.
  await handler.ask('memory');
}

async function open({ port }: Stage, sockets: Socket[], count: number): Promise<void> {
  await Promise.all(Array.from({ length: count }, async () => {
    const socket = connect(port, '127.0.0.1');
    sockets.push(socket);
    await once(socket, 'connect');
    await ask(socket);
  }));
}

async function ask(socket: Socket): Promise<string> {
  socket.write('GET /who HTTP/1.1\r\nHost: x\r\n\r\n');
  const [answer] = (await once(socket, 'data')) as [Buffer];
  return String(answer);
}
