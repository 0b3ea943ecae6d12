import type { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';
import type { Kind } from '../values/kind.js';
import { Backend } from './backend.js';
import { Exchange } from './exchange.js';
import { unavailable } from './fallback.js';
import { Gateway } from './gateway.js';
import type { RequestHead, ResponseHead } from './heads.js';
import { HostedSocket, type SocketHead } from './hosted-socket.js';
import { isRequest, isResponse } from './node-http.js';

/** The original's number, for one who sends it home; or the number of a socket's gateway and what it is. */
type Home = number;

/** A request to a server, or what a server has answered: the other side gets a real one, with the body as it comes. */
export const request: Kind<IncomingMessage, RequestHead | Home> = {
  tag: 'HttpRequest',
  is: isRequest,
  head: (req, session) => Backend.idOf(req, session) ?? Gateway.of(session).request(req),
  create: (head, session) => {
    if (typeof head === 'number') return Gateway.of(session).requestAt(head);
    return Backend.of(session, head[0]).request(head);
  },
};

/** The response of a server: the other side gets a real one, whose bytes are sent as they are. */
export const response: Kind<ServerResponse, ResponseHead | Home> = {
  tag: 'HttpResponse',
  is: isResponse,
  head: (res, session) => Backend.idOf(res, session) ?? Gateway.of(session).response(res),
  create: (head, session) => {
    if (typeof head === 'number') return Gateway.of(session).responseAt(head);
    return Backend.of(session, 0).response(head);
  },
  dropped: (res) => {
    if (!res.headersSent && !res.closed && !Exchange.isHeld(res.req)) unavailable(res.req, res);
  },
};

/** A TCP or TLS connection, or one by a unix socket. */
export const socket: Kind<Socket, [gateway: object | 0, head: SocketHead] | Home> = {
  tag: 'Socket',
  is: (value) => value instanceof Socket,
  head: (value, session) => {
    const home = Backend.idOf(value, session);
    if (home !== undefined) return home;
    const gateway = Gateway.of(session);
    return [gateway.introduction, gateway.socket(HostedSocket.of(value))];
  },
  create: (head, session) => {
    if (typeof head === 'number') return Gateway.of(session).socketAt(head);
    return Backend.of(session, head[0]).socket(head[1]);
  },
};

export const httpKinds = [socket, request, response];
