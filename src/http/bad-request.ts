import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { HostedSocket } from './hosted-socket.js';
import { http } from './node-http.js';

/** By the code of the error; any other is 400. */
const STATUS: Partial<Record<string, number>> = { HPE_HEADER_OVERFLOW: 431, HPE_CHUNK_EXTENSIONS_OVERFLOW: 413, ERR_HTTP_REQUEST_TIMEOUT: 408 };

const CUT_OFF = 'HPE_INVALID_EOF_STATE';

/** What Node does about a client's error that nobody listens for, when handlers elsewhere have had their chance to answer. */
export function refuse(error: NodeJS.ErrnoException, socket: Socket): void {
  const hosted = HostedSocket.known(socket);
  if (hosted === undefined || hosted.exchanges.length === 0) return answer(error, socket, isBegun(socket));
  const exchanges = [...hosted.exchanges];
  const end = (): void => answer(error, socket, exchanges.find(({ state }) => state !== 'all')?.state === 'some');
  // That a request is cut off by the client's end, Node learns later: what was answered by then is sent as ever.
  if (error.code === CUT_OFF) return whenSent(hosted, end);
  for (const exchange of exchanges) exchange.refuse();
  hosted.settling.wait(end);
}

/** When all that is answered by now has gone out: responses that were answered together do so one by one. */
function whenSent(hosted: HostedSocket, then: () => void): void {
  hosted.settling.wait(() => setImmediate(() => {
    if (hosted.exchanges.some(({ isGoingOut }) => isGoingOut)) whenSent(hosted, then);
    else then();
  }));
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
