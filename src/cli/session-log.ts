import type { Disconnect, Host, Tables } from '../index.js';
import { colors, count, duration, print, printable } from './output.js';

/** Prints what happens to a host: one line for each session that comes and goes, and for each failure. */
export class SessionLog {
  readonly #began = new Map<number, number>();
  readonly #colors = colors(process.stdout);

  follow(host: Host): void {
    /** What ends a session is an `error` first. It is told with the session's end. */
    const ends = new WeakSet<object>();
    host.on('connect', ({ id, client, pid }) => {
      this.#began.set(id, Date.now());
      this.#print(this.#colors.green('+'), `${printable(client)}[${pid}]`);
    });
    host.on('disconnect', (disconnect) => {
      if (disconnect.reason !== undefined) ends.add(disconnect.reason);
      this.#left(disconnect);
    });
    host.on('error', (error, where) => queueMicrotask(() => {
      if (!(error instanceof Error)) this.#failed(where, String(error));
      else if (!ends.has(error)) this.#failed(where, `${error.name}: ${error.message}`);
    }));
  }

  #failed(where: string, what: string): void {
    this.#print(this.#colors.red('!'), printable(`${where}: ${what}`));
  }

  #left({ session: { id, client, pid }, reason, cleaned }: Disconnect): void {
    const began = this.#began.get(id);
    this.#began.delete(id);
    const isViolation = reason !== undefined && reason.kind !== 'disconnected';
    if (began === undefined && !isViolation) return; // It has not even greeted: somebody asked whether the host is alive.
    const who = began === undefined ? 'a client that did not greet' : `${printable(client)}[${pid}]`;
    const age = began === undefined ? '' : ` after ${duration(Date.now() - began)}`;
    const why = isViolation ? this.#colors.red(`, ended: ${printable(reason.message)} (${reason.code})`) : reason === undefined ? '' : ', lost';
    this.#print(this.#colors.yellow('-'), `${who}${age}${why}${describe(cleaned)}`);
  }

  #print(sign: string, line: string): void {
    print(`${this.#colors.dim(new Date().toTimeString().slice(0, 8))} ${sign} ${line}`);
  }
}

/** `: cleaned up 3 listeners, 2 references`. The services that each client refers to count among the references. */
function describe({ listeners, exports, imports, calls, answers }: Tables): string {
  const parts = [[listeners, 'listener'], [exports + imports, 'reference'], [calls + answers, 'pending call']] as const;
  const cleaned = parts.filter(([n]) => n > 0).map(([n, noun]) => count(n, noun));
  return cleaned.length === 0 ? '' : `; cleaned up ${cleaned.join(', ')}`;
}
