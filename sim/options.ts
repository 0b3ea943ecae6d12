import { parseArgs } from 'node:util';

/** What a run is about: processes that take turns in a role, or sessions without any. */
export type About = 'roles' | 'sessions';

export interface Options {
  readonly help: boolean;
  /** How long to go on. */
  readonly seconds: number;
  /** How many seeds at the most. */
  readonly seeds: number;
  /** The first of them. */
  readonly seed: number;
  readonly workers: number;
  /** Only runs of this kind: others are passed over. */
  readonly about: About | undefined;
  /** Nothing but the last line, and what has failed. */
  readonly json: boolean;
  /** Whether a failure is shortened and told as it went. */
  readonly trace: boolean;
}

export const HELP = `Plays sessions of two and three processes, with delays, cuts and collections at any moment, and checks that nothing is
lost, doubled, leaked or freed too early. The same seed is the same run.

  npm run sim -- [options]
    --seconds <n>   how long to go on (10)
    --seeds <n>     how many at the most
    --seed <n>      the first of them (one at random)
    --workers <n>   processes that play (2)
    --about <kind>  only runs about: roles, sessions
    --json          print nothing but the result, and failures
    --no-trace      do not shorten a failure and tell how it went

The last line of the output is the result, as JSON. All its counts but seeds, seconds and messages must be zero.
`;

const options = {
  help: { type: 'boolean', default: false },
  seconds: { type: 'string', default: '10' },
  seeds: { type: 'string', default: String(Number.MAX_SAFE_INTEGER) },
  seed: { type: 'string' },
  workers: { type: 'string', default: '2' },
  about: { type: 'string' },
  json: { type: 'boolean', default: false },
  trace: { type: 'boolean', default: true },
} as const;

export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({ args: [...args], options, allowNegative: true });
  return {
    help: values.help,
    seconds: number('seconds', values.seconds),
    seeds: number('seeds', values.seeds),
    seed: number('seed', values.seed ?? String(Math.floor(Math.random() * 2 ** 31))),
    workers: number('workers', values.workers),
    about: about(values.about),
    json: values.json,
    trace: values.trace,
  };
}

function about(text: string | undefined): About | undefined {
  if (text === undefined || text === 'roles' || text === 'sessions') return text;
  throw new Error(`--about takes roles or sessions, not ${text}`);
}

function number(name: string, text: string): number {
  const value = Number(text);
  if (Number.isNaN(value) || value < 0) throw new Error(`--${name} takes a number, not ${text}`);
  return value;
}
