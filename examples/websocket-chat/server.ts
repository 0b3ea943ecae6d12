// What stays: the server, and the connections of the browsers. `dynobot host ./server.ts --name chat` hosts it.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const page = readFileSync(new URL('page.html', import.meta.url));
const server = createServer((request, response) => {
  response.writeHead(request.url === '/' ? 200 : 404, { 'content-type': 'text/html; charset=utf-8' }).end(request.url === '/' ? page : 'Not found');
});

export const wss = new WebSocketServer({ server, maxPayload: 64 * 1024 });

// A browser that breaks the protocol must not end the process while no chat is there to listen for it.
wss.on('connection', (socket) => socket.on('error', (error) => console.error(`a browser: ${error.message}`)));

server.listen(Number(process.env['PORT'] ?? 8080), () => console.log(`the page: http://localhost:${(server.address() as { port: number }).port}`));
