import type { Socket } from 'node:net';
import type { PeerCertificate } from 'node:tls';

/** What a handler can know of a TLS connection. */
export interface TlsFacts {
  authorized: boolean;
  authorizationError: unknown;
  servername: string | false | undefined;
  alpnProtocol: string | false | null;
  protocol: string | null;
  cipher: object;
  sharedSigalgs: string[];
  isSessionReused: boolean;
  session: Buffer | undefined;
  finished: Buffer | undefined;
  peerFinished: Buffer | undefined;
  certificate: object | null;
  peerCertificate: PeerCertificate | undefined;
}

export function tlsFactsOf(socket: Socket): TlsFacts | undefined {
  // Not imported: to load it with dynobot would cost every process some milliseconds.
  if ((socket as { encrypted?: unknown }).encrypted !== true) return undefined;
  const { TLSSocket } = process.getBuiltinModule('node:tls');
  if (!(socket instanceof TLSSocket)) return undefined;
  const peerCertificate = socket.getPeerCertificate(true) as PeerCertificate | undefined;
  return {
    authorized: socket.authorized,
    authorizationError: socket.authorizationError ?? null,
    servername: (socket as { servername?: string | false }).servername,
    alpnProtocol: socket.alpnProtocol,
    protocol: socket.getProtocol(),
    cipher: socket.getCipher(),
    sharedSigalgs: socket.getSharedSigalgs(),
    isSessionReused: socket.isSessionReused(),
    session: socket.getSession(),
    finished: socket.getFinished(),
    peerFinished: socket.getPeerFinished(),
    certificate: socket.getCertificate() as object | null,
    peerCertificate: peerCertificate !== undefined && Object.keys(peerCertificate).length > 0 ? peerCertificate : undefined,
  };
}
