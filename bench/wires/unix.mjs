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

export const listenStreams = ({ path }, accept) => listenSockets(path, (socket) => accept(bothWays(socket)));
export const dialStreams = async ({ path }) => bothWays(await dialSocket(path));

export const listen = (endpoint, accept) => listenStreams(endpoint, (streams) => accept(overStreams(streams)));
export const dial = async (endpoint) => overStreams(await dialStreams(endpoint));
