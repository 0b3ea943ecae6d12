import type { ServerResponse } from 'node:http';
import { Exchange, isRead } from './exchange.js';
import { badGateway, headTooLong, isHttpServer } from './fallback.js';
import { isTooLong } from './head-bounds.js';
import type { Incoming } from './internals.js';
import { isRequest, isResponse } from './node-http.js';

/** Sends an event to a listener in another process. Returns false if it cannot be sent, or if that process has gone. */
export type Send = () => boolean;

interface Event {
  send: Send;
  req: Incoming;
  /** What the request was emitted with: its response; for an upgrade, its socket. */
  res: unknown;
}

let waiting: Event[] = [];

/**
 * Requests of an HTTP server are sent when the event loop has read from all sockets that had something. A request is parsed,
 * and its event emitted, before the body that came with it is there: so it goes along. And all requests that came at the
 * same moment share a frame.
 */
export function paceOf(target: object): ((send: Send, args: readonly unknown[]) => void) | undefined {
  return isHttpServer(target) ? pace : undefined;
}

function pace(send: Send, args: readonly unknown[]): void {
  const [req, res] = args;
  // What they carry may change at once; and they come after the requests before them.
  if (!isRequest(req)) {
    sendAll();
    return void send();
  }
  // Its connection may end before it is sent.
  const exchange = Exchange.of(req);
  if (isResponse(res)) exchange.answeredBy(res);
  if (waiting.push({ send, req: req as Incoming, res }) === 1) setImmediate(sendAll);
}

function sendAll(): void {
  const events = waiting;
  waiting = [];
  let lost: Event[] | undefined;
  for (const event of events) {
    if (isTooLong(event.req)) refuseHead(event);
    else if (!event.send()) (lost ??= []).push(event);
  }
  if (lost !== undefined) for (const event of lost) orphaned(event);
}

/** No session is told of it: the host answers, once, unless its own code sees to it. */
function refuseHead(event: Event): void {
  if (isUnanswered(event)) headTooLong(event.req, responseOf(event));
}

/** The listener's process ended between the event and its sending, or the event cannot cross: nobody will ever answer, unless another has the request. */
function orphaned(event: Event): void {
  if (isUnanswered(event) && !Exchange.isHeld(event.req)) badGateway(event.req, responseOf(event));
}

function isUnanswered({ req, res }: Event): boolean {
  if (isResponse(res)) return !res.headersSent && !res.writableEnded && !res.closed;
  return req.upgrade && req.socket.writable && !isRead(req.socket);
}

function responseOf({ res }: Event): ServerResponse | undefined {
  return isResponse(res) ? res : undefined;
}
