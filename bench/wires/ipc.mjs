/** Text over the channel between a process and its forked child. */
function wire(end) {
  return {
    write: (text) => end.send(text),
    read: (handle) => end.on('message', handle),
    close: () => end.disconnect?.(),
    onClose: (handle) => end.on('disconnect', handle),
  };
}

export const listen = async (_endpoint, accept) => accept(wire(process));
export const dial = async (endpoint) => wire(endpoint.child);
