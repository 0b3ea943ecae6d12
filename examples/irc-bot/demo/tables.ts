import type { Connection, SessionReport } from 'dynobot';
import { remark, tell } from './screen.js';

/** What a bot leaves in the host while it lives, and must not leave behind. */
export interface Tables {
  /** How often the real object is listened to, by event: by its own word, not by dynobot's. */
  readonly listeners: ReadonlyMap<string, number>;
  /** The host's sessions, but for that of the one who asks. */
  readonly sessions: readonly SessionReport[];
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
  for (const { client, pid, exports, imports, attached } of sessions) {
    const events = attached.map(({ on, event, count }) => `${count} on ${on}'s '${event}'`).join(', ');
    remark(`${client}, process ${pid}: attached ${events || 'nothing'}; ${count(exports, 'export')}, ${count(imports, 'import')}`);
  }
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
