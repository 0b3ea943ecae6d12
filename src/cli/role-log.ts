import { Socket } from 'node:net';
import { inspect } from 'node:util';
import { isRequest, isResponse } from '../http/node-http.js';
import type { Host, LossNews, LostEvent, Who } from '../index.js';
import { colors, count, print, printable } from './output.js';
import { Strays } from './strays.js';

type Sign = keyof typeof SIGNS;

const SIGNS = { good: ['+', 'green'], bad: ['!', 'red'], gone: ['-', 'yellow'], notice: ['.', 'dim'] } as const;

/** Prints what happens to a host's roles: one line for each thing, and one for each event that is lost, with what it brought. */
export class RoleLog {
  readonly #colors = colors(process.stdout);
  readonly #strays = new Strays();

  follow(host: Host): void {
    host.on('handover', ({ role, from, to, gap, parked, dropped, state, declared }) => {
      const how = from === undefined ? `${nameOf(to)} has its turn` : `${nameOf(to)} has taken over from ${nameOf(from)}`;
      const what = [`gap ${gap.toFixed(1)} ms`, `${count(parked, 'event')} held`, ...(dropped === 0 ? [] : [`${dropped} dropped`]), ...(state === undefined ? [] : [`state ${state}`])];
      this.#print('good', role, `${how}; ${what.join(', ')}`);
      const stray = this.#strays.remark(role, declared);
      if (stray !== undefined) this.#print('notice', role, stray);
    });
    host.on('failure', ({ role, who, error }) => this.#print('bad', role, `${nameOf(who)} was not ready: ${describeError(error)}`));
    host.on('vacancy', ({ role, from, others }) => {
      this.#print('gone', role, `${nameOf(from)} has gone; ${others === 0 ? 'its events are held' : `${others} with a turn left`}`);
    });
    host.on('lost', (loss) => this.#lost(loss));
  }

  #lost({ role, who, events }: LossNews): void {
    this.#print('bad', role, `${count(events.length, 'event')}${who === undefined ? '' : ` that ${nameOf(who)} had in hand`} lost:`);
    for (const event of events) print(`           ${printable(describe(event))}`);
  }

  #print(sign: Sign, role: string, line: string): void {
    const [mark, color] = SIGNS[sign];
    print(`${this.#colors.dim(new Date().toTimeString().slice(0, 8))} ${this.#colors[color](mark)} ${this.#colors.bold(printable(role))}: ${printable(line)}`);
  }
}

function describeError({ name, message }: Error): string {
  return name === 'DynobotError' || name === 'Error' ? message : `${name}: ${message}`;
}

function nameOf({ client, pid }: Who): string {
  return `${client}[${pid}]`;
}

/** `irc message (no. 17) { nick: 'bob', message: 'hi' }`: enough to know it again. */
function describe({ on, event, number, args = [] }: LostEvent): string {
  return [on, event, `(no. ${number})`, ...args.flatMap(shown)].join(' ');
}

/** What is in a request, people's passwords among it, is for its handler and not for a log. */
function shown(arg: unknown): string[] {
  if (isRequest(arg)) return [`${arg.method} ${arg.url?.replace(/\?.*/s, '?…')}`];
  if (isResponse(arg) || arg instanceof Socket) return [];
  return [inspect(arg, { depth: 1, breakLength: Infinity, compact: true, maxArrayLength: 10, maxStringLength: 200 })];
}
