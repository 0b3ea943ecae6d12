import net from 'node:net';

/** Text over a unix socket. */
function wire(socket) {
  socket.setEncoding('utf8');
  socket.on('error', () => socket.destroy());
  return {
    write: (text) => socket.write(text),
    read: (handle) => socket.on('data', handle),
    close: () => socket.destroy(),
    onClose: (handle) => socket.on('close', handle),
  };
}

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

export const listen = (endpoint, accept) => listenSockets(endpoint.path, (socket) => accept(wire(socket)));
export const dial = async (endpoint) => wire(await dialSocket(endpoint.path));
