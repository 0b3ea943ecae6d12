// What changes: the chat itself. Edit it, kill it, start it again. The browsers stay connected.
import { connect, type Remote } from 'dynobot';
import type { WebSocket, WebSocketServer } from 'ws';

const VERSION = 1;
const decorate = (text: string): string => text;

const { wss } = (await connect<{ wss: WebSocketServer }>()).services;

async function tellAll(what: object): Promise<void> {
  const text = JSON.stringify({ version: VERSION, ...what });
  for (const socket of await wss.clients) void socket.send(text);
}

function join(socket: Remote<WebSocket>): void {
  socket.on('message', (data) => {
    const { name, text } = JSON.parse(String(data)) as { name: string; text: string };
    void tellAll({ name, text: decorate(text) });
  });
  socket.on('close', () => void tellAll({ note: 'somebody left' }));
}

wss.on('connection', (socket) => {
  join(socket);
  void tellAll({ note: 'somebody came' });
});
for (const socket of await wss.clients) join(socket);    // those that were there before
await tellAll({ note: `version ${VERSION} is here` });
