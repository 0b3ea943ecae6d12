import { parentPort } from 'node:worker_threads';

/** Text between a thread and its worker. */
function wire(port) {
  return {
    write: (text) => port.postMessage(text),
    read: (handle) => port.on('message', handle),
    close: () => {},
    onClose: (handle) => port.on('close', handle),
  };
}

export const listen = async (_endpoint, accept) => accept(wire(parentPort));
export const dial = async (endpoint) => wire(endpoint.worker);
