import { Exchange } from './exchange.js';
import { badGateway, isHttpServer } from './fallback.js';
import { isRequest, isResponse } from './node-http.js';

/** Sends an event to a listener in another process. Returns false if that process has gone. */
export type Send = () => boolean;

interface Event {
  send: Send;
  args: readonly unknown[];
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
  // What they carry may change at once; and they come after the requests before them.
  if (!isRequest(args[0])) {
    sendAll();
    return void send();
  }
  // Its connection may end before it is sent.
  const exchange = Exchange.of(args[0]);
  if (isResponse(args[1])) exchange.answeredBy(args[1]);
  if (waiting.push({ send, args }) === 1) setImmediate(sendAll);
}

function sendAll(): void {
  const events = waiting;
  waiting = [];
  let lost: Event[] | undefined;
  for (const event of events) if (!event.send()) (lost ??= []).push(event);
  if (lost !== undefined) for (const { args } of lost) orphaned(args[0], args[1]);
}

/** The listener's process ended between the event and its sending: nobody will ever answer, unless another has the request. */
function orphaned(req: unknown, res: unknown): void {
  if (!isRequest(req) || !isResponse(res)) return;
  if (!res.headersSent && !res.closed && !Exchange.isHeld(req)) badGateway(req, res);
}
