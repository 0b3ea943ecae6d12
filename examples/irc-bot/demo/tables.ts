import type { Connection } from 'dynobot';
import { remark, tell } from './screen.js';

/** What a bot leaves in the host while it lives, and must not leave behind. */
export interface Tables {
  /** How often the real object is listened to, by event: by its own word, not by dynobot's. */
  readonly listeners: ReadonlyMap<string, number>;
  /** The processes that use it, but for the one that asks. */
  readonly sessions: readonly { pid: number; exports: number; imports: number; calls: number; listeners: readonly unknown[] }[];
}

export async function readTables(connection: Connection<typeof import('../irc.js')>): Promise<Tables> {
  const { irc } = connection.services;
  const events = (await irc.eventNames()).map(String);
  const counts = await Promise.all(events.map((event) => irc.listenerCount(event)));
  const { sessions } = await connection.inspect();
  return {
    listeners: new Map(events.map((event, n) => [event, counts[n] ?? 0])),
    sessions: sessions.filter(({ pid }) => pid !== process.pid),
  };
}

export function showTables({ listeners, sessions }: Tables): void {
  tell('tables', `${count(listeners.get('message') ?? 0, 'listener')} on irc's 'message', ${count(sessions.length, 'bot')}`);
  for (const { pid, exports, imports, calls, listeners: attached } of sessions) {
    remark(`process ${pid}: ${count(attached.length, 'listener')}, ${count(exports, 'export')}, ${count(imports, 'import')}, ${count(calls, 'pending call')}`);
  }
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
