// The floor: requests and responses as JSON lines, one write a turn. Whole bodies as text, and none of HTTP's semantics.
import { createServer } from 'node:http';
import { createConnection, createServer as listen } from 'node:net';
import { coalesced, lines } from '../../lib/lines.mjs';

export function front(_app, path) {
  const waiting = new Map();
  let last = 0;
  let send;
  listen((socket) => {
    send = coalesced((text) => socket.write(text));
    socket.setEncoding('utf8').on('data', lines((line) => {
      const { i, s, h, b } = JSON.parse(line);
      const response = waiting.get(i);
      waiting.delete(i);
      response.writeHead(s, h).end(b);
    }));
  }).listen(path);
  return createServer((request, response) => {
    const id = ++last;
    waiting.set(id, response);
    let body = '';
    request.setEncoding('utf8').on('data', (text) => { body += text; });
    request.on('end', () => send(`${JSON.stringify({ i: id, m: request.method, u: request.url, h: request.headers, b: body })}\n`));
  });
}

/** A request and a response that are just enough for the apps that are measured. */
export async function handle(app, path) {
  const socket = createConnection(path);
  const send = coalesced((text) => socket.write(text));
  socket.setEncoding('utf8').on('data', lines((line) => {
    const { i, m, u, h, b } = JSON.parse(line);
    const listeners = {};
    const request = { method: m, url: u, headers: h, resume() {}, on(event, listener) { listeners[event] = listener; return this; } };
    app(request, { end: (body) => send(`${JSON.stringify({ i, s: 200, h: { 'content-length': body.length }, b: body })}\n`) });
    if (b !== '') listeners.data?.(b);
    listeners.end?.();
  }));
}
