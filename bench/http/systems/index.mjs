/**
 * Each system is a module with `front(app, path)`, which returns the server that clients reach, and, if the app runs in a
 * second process, `handle(app, path)`, which runs there and connects to the front by the socket `path`, or listens on it.
 */
export const SYSTEMS = {
  'in-process': { title: 'one process', handles: false },
  'http-proxy-3': { title: 'http-proxy-3, keep-alive', handles: 'first' },
  'hand-json': { title: 'JSON lines by hand', handles: 'then' },
  dynobot: { title: 'dynobot', handles: 'then' },
  // Where processes are more than processors, V8's helpers wait for one, and all of the process for them.
  'in-process, serial': { title: 'one process, --no-parallel-scavenge', handles: false, of: 'in-process', flags: ['--no-parallel-scavenge'] },
  'dynobot, serial': { title: 'dynobot, --no-parallel-scavenge', handles: 'then', of: 'dynobot', flags: ['--no-parallel-scavenge'] },
};

/** What every measure is made of, unless it says which. */
export const USUAL = Object.keys(SYSTEMS).filter((system) => SYSTEMS[system].of === undefined);
