import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { internals, type Incoming, type Outgoing } from '../../src/http/internals.js';

// What is used of Node's http beyond its documented members is there in the Node that runs this.
const req = new IncomingMessage(new Socket()) as Incoming;
const res = new ServerResponse(req) as unknown as Outgoing;

it('is there', () => {
  expect(typeof req._addHeaderLines).toBe('function');
  expect(typeof req._dump).toBe('function');
  expect(req._consuming).toBe(false);
  expect(typeof res._writeRaw).toBe('function');
  expect([res._header, res._headerSent, res._last, res._closed, res._sent100, res._expect_continue]).toEqual([null, false, false, false, false, false]);
});

it('has the members that have no name', () => {
  expect(internals().headersCount in req).toBe(true);
  expect(res[internals().needDrain]).toBe(false);
  res[internals().uniqueHeaders] = new Set(['x-a']);
  res.setHeader('X-A', ['1', '2']);
  res.flushHeaders();
  expect(res._header).toContain('X-A: 1; 2\r\n');
});

it('does not say that a response is begun, before it is', () => {
  const fresh = new ServerResponse(req) as unknown as Outgoing;
  fresh._header = 'HTTP/1.1\r\n\r\n';
  expect(fresh.headersSent).toBe(true);
  expect(() => fresh.setHeader('a', 'b')).toThrow(expect.objectContaining({ code: 'ERR_HTTP_HEADERS_SENT' }));
});

it('knows in how many pieces a body waits', () => {
  const incoming = new IncomingMessage(new Socket()) as Incoming;
  for (const piece of ['a', 'b', 'c']) incoming.push(piece);
  expect(incoming._readableState.buffer.length).toBe(3);
});
