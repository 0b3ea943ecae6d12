/**
 * Each system is a module with `front(app, path)`, which returns the server that clients reach, and, if the app runs in a
 * second process, `handle(app, path)`, which runs there and connects to the front by the socket `path`, or listens on it.
 */
export const SYSTEMS = {
  'in-process': { title: 'one process', handles: false },
  'http-proxy-3': { title: 'http-proxy-3, keep-alive', handles: 'first' },
  'hand-json': { title: 'JSON lines by hand', handles: 'then' },
  dynobot: { title: 'dynobot', handles: 'then' },
};
