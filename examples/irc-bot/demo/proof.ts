import type { Entry, EventName } from '../server/history.js';
import type { Tables } from './tables.js';

/** Something said to be so, whether it is, and how one sees it. */
export interface Claim {
  readonly claim: string;
  readonly holds: boolean;
  readonly evidence: string;
}

/** What the server's own log says of a nick that is to have stayed while bots came and went behind it, each with words of its own, and `people` chatted. */
export function proveFromHistory(entries: readonly Entry[], nick: string, bots: readonly string[], people: number): Claim[] {
  const opened = entries.filter(({ event }) => event === 'open');
  const registered = entries.filter((entry) => entry.event === 'register' && entry.nick === nick);
  const own = entries.filter(({ connection }) => connection === registered[0]?.connection);
  const times = (event: EventName) => own.filter((entry) => entry.event === event).map(({ at }) => at);
  const said = own.filter(({ event }) => event === 'say');
  return [
    {
      claim: `${nick} had one TCP connection, and has it still`,
      holds: registered.length === 1 && times('open').length === 1 && times('close').length === 0,
      evidence: `opened ${at(times('open'))}, closed ${at(times('close'))}`,
    },
    {
      claim: `${bots.length} bots opened none of their own`,
      holds: opened.length === 1 + people,
      evidence: `${opened.length} connections in all: the host's, and those of ${people} who chat`,
    },
    {
      claim: `${nick} joined once and never left`,
      holds: times('join').length === 1 && [...times('part'), ...times('quit'), ...times('nick')].length === 0,
      evidence: `JOIN ${at(times('join'))}, PART ${at(times('part'))}, QUIT ${at(times('quit'))}`,
    },
    {
      claim: 'every bot spoke through it',
      holds: bots.every((words) => said.some(({ text }) => text?.includes(words))),
      evidence: `${said.length} lines`,
    },
  ];
}

/** The same as far as somebody in the channel can tell, for a server whose log is not ours to read. */
export function proveFromMoves(moves: readonly string[], nick: string): Claim[] {
  const own = moves.filter((move) => move.endsWith(` ${nick}`));
  return [{ claim: `${nick} was seen to join once and never to leave`, holds: own.join() === `JOIN ${nick}`, evidence: own.join(', ') }];
}

/** That a bot which has gone left nothing behind in the host. */
export function proveClean(before: Tables, after: readonly Tables[]): Claim {
  const counts = (tables: Tables) => JSON.stringify([...tables.listeners].sort());
  return {
    claim: 'after each bot the host was as before the first',
    holds: after.every((tables) => tables.sessions.length === 0 && counts(tables) === counts(before)),
    evidence: `listeners: ${[before, ...after].map((tables) => total(tables.listeners)).join(', ')}`,
  };
}

function total(listeners: ReadonlyMap<string, number>): number {
  return [...listeners.values()].reduce((sum, one) => sum + one, 0);
}

function at(times: readonly number[]): string {
  return times.length === 0 ? 'never' : `at ${times.map((ms) => `${(ms / 1000).toFixed(2)} s`).join(', ')}`;
}
