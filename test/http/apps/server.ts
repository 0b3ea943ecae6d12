import { createServer, type Server, type ServerOptions } from 'node:http';
import { createServer as createSecureServer, type ServerOptions as SecureOptions } from 'node:https';

/** How a server is made, and what is set on it; as JSON, for another process. With a `cert` it speaks HTTPS. */
export interface ServerKind {
  options?: ServerOptions & Pick<SecureOptions, 'key' | 'cert' | 'ca' | 'requestCert' | 'rejectUnauthorized' | 'ALPNProtocols'>;
  properties?: Partial<Pick<Server, 'maxRequestsPerSocket' | 'keepAliveTimeout' | 'timeout'>>;
}

export function makeServer({ options = {}, properties = {} }: ServerKind): Server {
  const server = options.cert === undefined ? createServer(options) : createSecureServer(options);
  return Object.assign(server, properties);
}
