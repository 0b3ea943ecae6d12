// What must stay as it is in a process, whatever its peers do.
const WATCHED = [Object, Function, Array, Promise, Error, Map, Set, String, Number, Symbol, RegExp, Date].map(({ prototype }) => prototype);

function describe() {
  return WATCHED.map((prototype) => Reflect.ownKeys(prototype).map((key) => {
    const { value, get, set, writable, enumerable, configurable } = Object.getOwnPropertyDescriptor(prototype, key);
    return [key, value, get, set, writable, enumerable, configurable];
  }));
}

/** Counts changes of the built-in prototypes, and errors that nobody has caught. */
export function watchWorld() {
  const before = describe();
  const seen = { uncaught: 0, unhandled: 0, first: '' };
  const note = (kind) => (error) => {
    seen[kind]++;
    seen.first ||= String(error?.stack ?? error);
  };
  process.on('uncaughtException', note('uncaught'));
  process.on('unhandledRejection', note('unhandled'));
  return () => {
    const after = describe();
    let changed = 0;
    for (const [i, keys] of before.entries()) {
      if (keys.length !== after[i].length) changed++;
      else for (const [j, parts] of keys.entries()) if (parts.some((part, k) => part !== after[i][j][k])) changed++;
    }
    return { ...seen, changed };
  };
}
