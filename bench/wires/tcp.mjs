import net from 'node:net';
import { bothWays, overStreams } from './streams.mjs';

/** The port that the system gives is told to the client with `endpoint`. */
export function listenStreams(endpoint, accept) {
  return new Promise((resolve, reject) => {
    const server = net.createServer({ noDelay: true }, (socket) => accept(bothWays(socket))).on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      endpoint.port = server.address().port;
      resolve();
    });
  });
}

export function dialStreams({ port }) {
  return new Promise((resolve, reject) => {
    const socket = net.connect({ host: '127.0.0.1', port, noDelay: true }, () => resolve(bothWays(socket))).on('error', reject);
  });
}

export const listen = (endpoint, accept) => listenStreams(endpoint, (streams) => accept(overStreams(streams)));
export const dial = async (endpoint) => overStreams(await dialStreams(endpoint));
