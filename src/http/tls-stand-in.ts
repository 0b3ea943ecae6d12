import type { X509Certificate } from 'node:crypto';
import type { Socket } from 'node:net';
import type { PeerCertificate } from 'node:tls';
import type { TlsFacts } from './tls.js';

/** Gives a stand-in what a TLSSocket knows. */
export function defineTlsFacts(socket: Socket, facts: TlsFacts): void {
  const { authorized, authorizationError, servername, alpnProtocol, peerCertificate } = facts;
  Object.assign(socket, { encrypted: true, authorized, authorizationError, servername, alpnProtocol });
  const methods = {
    getProtocol: () => facts.protocol,
    getCipher: () => facts.cipher,
    getSharedSigalgs: () => facts.sharedSigalgs,
    isSessionReused: () => facts.isSessionReused,
    getSession: () => facts.session,
    getFinished: () => facts.finished,
    getPeerFinished: () => facts.peerFinished,
    getCertificate: () => facts.certificate,
    getPeerCertificate: (detailed = false) => certificateAs(peerCertificate, detailed),
    getPeerX509Certificate: () => (peerCertificate === undefined ? undefined : x509(peerCertificate.raw)),
    getX509Certificate: () => (facts.certificate === null ? undefined : x509((facts.certificate as PeerCertificate).raw)),
    getEphemeralKeyInfo: () => null,
    getTLSTicket: () => undefined,
  };
  for (const [name, value] of Object.entries(methods)) Object.defineProperty(socket, name, { value, writable: true, configurable: true });
}

/** Undefined for bytes that are none, as if there were none: in Node this never throws. */
function x509(raw: Buffer): X509Certificate | undefined {
  // Not imported: to load it with dynobot would cost every process some milliseconds.
  const { X509Certificate } = process.getBuiltinModule('node:crypto');
  try {
    return new X509Certificate(raw);
  } catch {
    return undefined;
  }
}

function certificateAs(certificate: PeerCertificate | undefined, detailed: boolean): object {
  if (certificate === undefined) return {};
  if (detailed) return certificate;
  const { issuerCertificate: _, ...alone } = certificate as PeerCertificate & { issuerCertificate?: object };
  return alone;
}
