import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

/** Everything else that a server emits: expectations, upgrades, tunnels, errors of clients. */
export function special(server: Pick<Server, 'on'>): void {
  server.on('request', (req, res) => res.end(seen.get(req.url!) ?? `request ${req.url}`));
  server.on('checkContinue', (req, res) => {
    if (req.url === '/refused') return void res.writeHead(417).end('no');
    res.writeContinue();
    let text = '';
    req.on('data', (chunk) => (text += String(chunk))).on('end', () => res.end(`continued ${text}`));
  });
  server.on('checkExpectation', (req, res) => void res.writeHead(200).end(`expects ${req.headers.expect}`));
  server.on('upgrade', (req, socket, head) => {
    if (req.url === '/refused') return void socket.end('HTTP/1.1 401 Unauthorized\r\nConnection: close\r\n\r\n');
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: ${req.headers.upgrade}\r\n\r\n`);
    if (req.url!.startsWith('/watched')) return watch(req, socket);
    if (req.url === '/text') return void shout(socket as Socket);
    echo(req, socket, head);
  });
  server.on('connect', (req, socket, head) => {
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    echo(req, socket, head);
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return;
    const { bytesParsed, reason } = error as { bytesParsed?: number; reason?: string };
    socket.end(`HTTP/1.1 400 Bad Request\r\nX-Error: ${error.code} ${error.message} ${bytesParsed} ${reason}\r\nConnection: close\r\n\r\n`);
  });
}

/** What became of upgraded connections, by what was asked for. */
const seen = new Map<string, string>();

function watch(req: IncomingMessage, socket: Duplex): void {
  const order = [`complete ${req.complete}`];
  const note = (what: string): void => {
    order.push(what);
    seen.set(req.url!, order.join());
  };
  socket.on('error', () => note('error')).on('close', () => note('close'));
  void (async () => {
    try {
      for await (const chunk of socket) socket.write(chunk);
    } catch (error) {
      note(`iteration ${(error as NodeJS.ErrnoException).code}`);
    }
  })();
  socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
}

/** As strings: what a server's sockets do not allow. */
function shout(socket: Socket): void {
  try {
    socket.setEncoding('utf8');
  } catch (error) {
    const { code, name, message } = error as NodeJS.ErrnoException;
    socket.write(`${name} ${code} ${message}`);
  }
  socket.end();
}

/** Answers in capitals, until it is told to stop. */
function echo({ url, method, upgrade }: IncomingMessage & { upgrade?: boolean }, socket: Duplex, head: Buffer): void {
  socket.write(`${method} ${url} ${upgrade} [${String(head)}]\n`);
  socket.on('data', (chunk: Buffer) => {
    const text = String(chunk);
    socket.write(text.toUpperCase());
    if (text.includes('quit')) socket.end('bye\n');
  });
  socket.on('end', () => socket.end());
  socket.on('error', () => {});
}
