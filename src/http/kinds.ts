import type { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import { Rows, type KindOfRows } from '../values/rows.js';
import { Backend } from './backend.js';
import { Exchange } from './exchange.js';
import { badGateway, unavailable } from './fallback.js';
import { Gateway } from './gateway.js';
import type { Incoming } from './internals.js';
import type { RequestHead, RequestRow, ResponseHead, SocketHead, SocketRow } from './heads.js';
import { HostedSocket } from './hosted-socket.js';
import { isRequest, isResponse } from './node-http.js';
import type { TlsFacts } from './tls.js';

/** The original's number, for one who sends it home. */
type Home = number;

/** A request to a server, or what a server has answered: the other side gets a real one, with the body as it comes. */
export const request: KindOfRows<IncomingMessage, RequestHead | Home> = {
  tag: 'HttpRequest',
  is: isRequest,
  isOfRows: true,
  head: (req, session) => Backend.idOf(req, session) ?? Gateway.of(session).request(req),
  create: (head, session) => {
    if (typeof head === 'number') return Gateway.of(session).requestAt(head);
    const [row, gateway, tls] = partsOf(head);
    return Backend.of(session, gateway).request(row, tls);
  },
  // Beneath an upgrade there is no response that would be told.
  dropped: (req, session, isUncrossable) => {
    if ((req as Incoming).upgrade && mayRefuse(req, session)) (isUncrossable ? badGateway : unavailable)(req, undefined);
  },
  isGivenOnce: true,
};

type Parts<Row> = readonly [row: Row, gateway: object | 0, tls: TlsFacts | 0];

function partsOf<Row extends RequestRow | SocketRow>(head: Rows<Row> | Parts<Row>): Parts<Row> {
  return head instanceof Rows ? [head.list, 0, 0] : head;
}

/** An event with the request was dropped, perhaps for this session only: whether nobody else has it. */
function mayRefuse(req: IncomingMessage, session: object | undefined): boolean {
  if (session !== undefined) Gateway.of(session).dropped(req);
  return !Exchange.isHeld(req);
}

/** The response of a server: the other side gets a real one, whose bytes are sent as they are. */
export const response: KindOfRows<ServerResponse, ResponseHead | Home> = {
  tag: 'HttpResponse',
  is: isResponse,
  isOfRows: true,
  head: (res, session) => Backend.idOf(res, session) ?? Gateway.of(session).response(res),
  create: (head, session) => {
    if (typeof head === 'number') return Gateway.of(session).responseAt(head);
    const backend = Backend.of(session, 0);
    if (head instanceof Rows) return backend.response(head.list);
    const [row, req] = head;
    return backend.response(row, req);
  },
  dropped: (res, session, isUncrossable) => {
    if (mayRefuse(res.req, session) && !res.headersSent && !res.closed) (isUncrossable ? badGateway : unavailable)(res.req, res);
  },
  isGivenOnce: true,
};

/** A TCP or TLS connection, or one by a unix socket. */
export const socket: KindOfRows<Socket, SocketHead | Home> = {
  tag: 'Socket',
  is: (value) => value instanceof Socket,
  isOfRows: true,
  head: (value, session) => Backend.idOf(value, session) ?? Gateway.of(session).socket(HostedSocket.of(value)),
  create: (head, session) => {
    if (typeof head === 'number') return Gateway.of(session).socketAt(head);
    const [row, gateway, tls] = partsOf(head);
    return Backend.of(session, gateway).socket(row, tls);
  },
};

export const httpKinds = [socket, request, response];
