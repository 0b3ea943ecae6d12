import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { HostedSocket } from './hosted-socket.js';
import { http } from './node-http.js';

/** By the code of the error; any other is 400. */
const STATUS: Partial<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, HPE_CHUNK_EXTENSIONS_OVERFLOW: 413, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** What Node does about a client's error that nobody listens for, when handlers elsewhere have had their chance to answer. */
export function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  const hosted = HostedSocket.known(socket);
  if (hosted === undefined || hosted.exchanges.length === 0) return answer(error, socket, isBegun(socket));
  const exchanges = [...hosted.exchanges];
  for (const exchange of exchanges) exchange.refuse();
  hosted.settling.wait(() => {
    answer(error, socket, exchanges.find(({ state }) => state !== 'all')?.state === 'some');
  });
}

function isBegun(socket: Socket): boolean {
  const { _httpMessage: res } = socket as Socket & { _httpMessage?: (ServerResponse & { _headerSent: boolean }) | null };
  return res?._headerSent === true;
}

/** What has been begun is not to be garbled. */
function answer(error: NodeJS.ErrnoException, socket: Socket, isBegunAlready: boolean): void {
  if (socket.writable && !isBegunAlready) {
    const status = STATUS[error.code ?? ''] ?? 400;
    socket.write(`HTTP/1.1 ${status} ${http().STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`);
  }
  // What a handler has answered at once may be more than the client has taken by now.
  if (isBegunAlready && socket.writableLength > 0) socket.end(() => socket.destroy(error));
  else socket.destroy(error);
}
