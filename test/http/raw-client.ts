import { connect, type Socket } from 'node:net';
import { connect as connectSecurely, type ConnectionOptions } from 'node:tls';

/** What a client does, one after the other: writes, waits until what came matches, ends its side with the last bytes, or leaves; or reads slowly. */
export type Step = string | Buffer | { until: RegExp } | 'slowly' | 'leave' | 'reset' | { last: string };

/** Milliseconds within which an answer comes, or none does. */
const PATIENCE = 10_000;

/**
 * Plays the steps on a connection of its own, and returns all bytes that came until the server closed it; without the dates,
 * which are the only thing that may differ between two runs.
 */
export async function play(port: number, steps: readonly Step[], secure?: ConnectionOptions): Promise<string> {
  const socket = secure === undefined ? connect(port, '127.0.0.1') : connectSecurely({ port, host: '127.0.0.1', ...secure });
  let received = '';
  let matched = 0;
  const closed = new Promise<void>((resolve) => socket.on('close', () => resolve()));
  socket.on('data', (chunk: Buffer) => (received += chunk.toString('latin1'))).on('error', () => {});
  const late = setTimeout(() => socket.destroy(), PATIENCE);
  for (const step of steps) {
    if (step === 'leave' || step === 'reset') {
      // What else was under way is chance.
      received = received.slice(0, matched);
      socket.removeAllListeners('data');
      if (step === 'leave') socket.destroy();
      else socket.resetAndDestroy();
    }
    else if (step === 'slowly') socket.on('data', () => { socket.pause(); setTimeout(() => socket.resume(), 2); });
    else if (typeof step === 'object' && 'until' in step) {
      await matches(socket, () => step.until.test(received));
      const match = step.until.exec(received);
      matched = match === null ? received.length : match.index + match[0].length;
    } else if (typeof step === 'object' && 'last' in step) socket.end(step.last);
    else socket.write(step);
  }
  await closed;
  clearTimeout(late);
  return received.replace(/^(date: ).*\r$/gim, '$1now\r');
}

async function matches(socket: Socket, isThere: () => boolean): Promise<void> {
  while (!isThere() && !socket.destroyed) await new Promise((resolve) => socket.once('data', resolve).once('close', resolve));
}

interface RequestParts {
  headers?: readonly string[];
  body?: string | Buffer;
  version?: string;
}

/** A request as text, as a client may make it by hand. */
export function request(line: string, { headers = [], body = '', version = '1.1' }: RequestParts = {}): string {
  const length = body === '' && !headers.some((header) => /^content-length/i.test(header)) ? [] : [`Content-Length: ${Buffer.byteLength(body)}`];
  const host = version === '1.1' ? ['Host: example.test'] : [];
  const given = headers.some((header) => /^(transfer-encoding|content-length)/i.test(header)) ? [] : length;
  return [`${line} HTTP/${version}`, ...host, ...headers, ...given, '', String(body)].join('\r\n');
}

/** With this at the end, the server closes the connection when everything before is answered. */
export const LAST = request('GET /last', { headers: ['Connection: close'] });

export function chunked(...chunks: string[]): string {
  return chunks.map((chunk) => `${Buffer.byteLength(chunk).toString(16)}\r\n${chunk}\r\n`).join('') + '0\r\n';
}
