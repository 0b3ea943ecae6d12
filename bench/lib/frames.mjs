const HEADER = 4;

/** Takes chunks of bytes, hands over whole frames: 4 bytes of length, then that many bytes. */
export function frames(handle) {
  let parts = [];
  let gathered = 0;
  let needed = HEADER;

  const consume = (bytes) => {
    let at = 0;
    while (bytes.length - at >= HEADER) {
      const end = at + HEADER + bytes.readUInt32LE(at);
      if (end > bytes.length) {
        needed = end - at;
        break;
      }
      handle(bytes, at + HEADER, end);
      at = end;
      needed = HEADER;
    }
    parts = at === bytes.length ? [] : [bytes.subarray(at)];
    gathered = bytes.length - at;
  };

  return (chunk) => {
    if (gathered === 0) return consume(chunk);
    parts.push(chunk);
    gathered += chunk.length;
    if (gathered >= needed) consume(Buffer.concat(parts, gathered));
  };
}

/** Queues buffers (header included), and writes all of one turn at once. */
export function coalescedFrames(socket) {
  let queued = [];
  let bytes = 0;
  const flush = () => {
    const buffers = queued;
    const size = bytes;
    queued = [];
    bytes = 0;
    if (buffers.length === 1 || size < 1 << 18) {
      socket.write(buffers.length === 1 ? buffers[0] : Buffer.concat(buffers, size));
      return;
    }
    socket.cork();
    for (const buffer of buffers) socket.write(buffer);
    socket.uncork();
  };
  return (buffer) => {
    if (bytes === 0) process.nextTick(flush);
    queued.push(buffer);
    bytes += buffer.length;
  };
}

/** A frame of bytes that somebody else holds: the header goes before them. */
export function header(length) {
  const buffer = Buffer.allocUnsafe(HEADER);
  buffer.writeUInt32LE(length);
  return buffer;
}
