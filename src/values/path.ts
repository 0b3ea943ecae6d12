import { DynobotError, limitError } from '../errors.js';

const IDENTIFIER = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

/** A value that cannot cross. It gathers the path to the value while the packing of what holds it is given up. */
export class Uncrossable extends Error {
  #path = '';
  readonly reason: string;

  constructor(reason: string, options?: ErrorOptions) {
    super(reason, options);
    this.reason = reason;
  }

  /** The value was found under `key` of its holder. */
  static within(error: unknown, key: PropertyKey): Uncrossable {
    const uncrossable = error instanceof Uncrossable ? error : thrown(error);
    uncrossable.#path = step(key) + uncrossable.#path;
    return uncrossable;
  }

  /**
   * The error for the user; `root` is what the whole message is called, `arguments` or `result`. `assigned`: it is an assignment
   * to that, whose only argument is the value.
   */
  static report(error: unknown, root: string, assigned?: string): unknown {
    if (error instanceof DynobotError) return error;
    const { reason, cause } = error instanceof Uncrossable ? error : thrown(error);
    const below = error instanceof Uncrossable ? error.#path : '';
    const path = assigned === undefined ? root + shortened(below) : assigned + shortened(below.replace(step(0), ''));
    const code = cause instanceof DynobotError ? cause.code : 'ERR_DYNOBOT_UNCLONABLE';
    return new DynobotError(code, `${path} cannot cross: ${reason}`, cause === undefined ? {} : { cause });
  }
}

/** The path's beginning and end, if it is endless. */
function shortened(path: string): string {
  return path.length <= 300 ? path : `${path.slice(0, 150)} … ${path.slice(-100)}`;
}

function thrown(error: unknown): Uncrossable {
  if (error instanceof RangeError && /call stack/.test(error.message)) return new Uncrossable('it is nested too deeply', { cause: limitError('DEPTH', 'the stack has no room for it') });
  if (error instanceof DynobotError) return new Uncrossable(error.message, { cause: error });
  return new Uncrossable(`reading it threw ${describe(error)}`, { cause: error });
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : 'something that is not an error';
}

function step(key: PropertyKey): string {
  if (typeof key === 'number' || (typeof key === 'string' && /^\d+$/.test(key))) return `[${String(key)}]`;
  if (typeof key === 'symbol') return `[${key.toString()}]`;
  return IDENTIFIER.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
