/** Text over a stream of bytes; over two, one for each way, where there is not one for both. */
export function overStreams({ readable, writable }) {
  readable.setEncoding('utf8');
  readable.on('error', () => readable.destroy());
  if (writable !== readable) writable.on('error', () => writable.destroy());
  return {
    write: (text) => writable.write(text),
    read: (handle) => readable.on('data', handle),
    close: () => {
      readable.destroy();
      writable.destroy();
    },
    onClose: (handle) => readable.on('close', handle),
  };
}

export const bothWays = (socket) => ({ readable: socket, writable: socket });
