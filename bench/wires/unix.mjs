import net from 'node:net';
import { bothWays, overStreams } from './streams.mjs';

export function listenSockets(path, accept) {
  return new Promise((resolve, reject) => {
    net.createServer(accept).on('error', reject).listen({ path, backlog: 2048 }, resolve);
  });
}

export function dialSocket(path) {
  return new Promise((resolve, reject) => {
    const socket = net.connect(path, () => resolve(socket)).on('error', reject);
  });
}

export const listen = (endpoint, accept) => listenSockets(endpoint.path, (socket) => accept(overStreams(bothWays(socket))));
export const dial = async (endpoint) => overStreams(bothWays(await dialSocket(endpoint.path)));
