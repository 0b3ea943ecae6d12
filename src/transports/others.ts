import { lstatSync } from 'node:fs';
import { isAlive } from './claim.js';
import { presentHosts, type PresentHost } from './hosts.js';

const MOST_LISTED = 10;

/** Most names that are tried: there may be thousands of sockets, of hosts that were killed. */
const MOST_TRIED = 100;

/** Milliseconds for which an answer is good, as long as the names are the same: who waits for a host tries again and again, and need not disturb the others each time. */
const FRESH = 5000;

let last: { at: number; of: string; text: Promise<string> } | undefined;

/** Who else is there, for those who have not found their host: `Names here: irc, wiki`. Names of dead hosts are none. */
export function describeOthers(): Promise<string> {
  const present = presentHosts();
  const of = present.map(({ path }) => path).join('\n');
  if (last?.of !== of || performance.now() - last.at > FRESH) last = { at: performance.now(), of, text: describe(present) };
  return last.text;
}

async function describe(present: readonly PresentHost[]): Promise<string> {
  const tried = present.length <= MOST_TRIED ? present : newest(present);
  const alive = await Promise.all(tried.map(({ path }) => isAlive(path).catch(() => false)));
  const names = tried.filter((_, n) => alive[n]).map(({ name }) => name).sort();
  const dead = tried.length - names.length;
  const rest = present.length - tried.length;
  return [names.length > 0 ? `Names here: ${listed(names)}` : rest > 0 ? 'No live host was found here' : 'No host has a name here', ...remains(dead, rest)].join('. ');
}

function remains(dead: number, rest: number): string[] {
  if (dead === 0) return [];
  const untried = rest === 0 ? '' : `; ${rest} older ones were not tried`;
  return [`Of ${dead} more only the socket is left${untried}: dynobot ls --prune removes those of dead hosts`];
}

function newest(hosts: readonly PresentHost[]): PresentHost[] {
  const age = new Map(hosts.map((host) => [host, lstatSync(host.path, { throwIfNoEntry: false })?.ctimeMs ?? 0]));
  return [...hosts].sort((a, b) => age.get(b)! - age.get(a)!).slice(0, MOST_TRIED);
}

function listed(names: readonly string[]): string {
  const more = names.length - MOST_LISTED;
  return names.slice(0, MOST_LISTED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
