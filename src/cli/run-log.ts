import { colors, count, duration, printable, remark } from './output.js';
import type { Failure } from './runner/failure.js';
import type { News, Run } from './runner/news.js';
import type { Runner } from './runner/runner.js';
import { Strays } from './strays.js';

type Colors = ReturnType<typeof colors>;
type Line = [sign: keyof typeof SIGNS, about: string, text: string];

const SIGNS = { good: ['+', 'green'], bad: ['!', 'red'], gone: ['-', 'yellow'], notice: ['.', 'dim'] } as const satisfies Record<string, [string, keyof Colors]>;

/** Prints what happens to scripts: one line for each thing, and a second one with the line of code that an error is in. */
export class RunLog {
  readonly #colors = colors(process.stderr);
  readonly #strays = new Strays();

  follow(runner: Runner): void {
    runner.on('news', (news) => {
      const failure = news.kind === 'failed' || news.kind === 'crashed' ? news.failure : undefined;
      remark(this.#line(describe(news)) + this.#place(failure));
      if (news.kind === 'live') this.#tellStray(news);
    });
  }

  #tellStray({ run, handover }: Extract<News, { kind: 'live' }>): void {
    const stray = handover && this.#strays.remark(handover.role, handover.declared);
    if (stray !== undefined) remark(this.#line(['notice', run.script, stray]));
  }

  #line([sign, about, text]: Line): string {
    const [mark, color] = SIGNS[sign];
    return `${this.#colors.dim(new Date().toTimeString().slice(0, 8))} ${this.#colors[color](mark)} ${this.#colors.bold(about)} ${printable(text)}`;
  }

  #place(failure: Failure | undefined): string {
    const at = failure?.at;
    return at === undefined ? '' : `\n           ${this.#colors.dim(`${at.file}:${at.line}`)}  ${printable(at.text)}`;
  }
}

function describe(news: News): Line {
  switch (news.kind) {
    case 'live': return ['good', news.run.script, `${nameOf(news.run)} ${news.from === undefined ? 'is live' : `has taken over from ${nameOf(news.from)}`}, ${ms(news.after)} after its start${turn(news)}`];
    case 'saved': return ['notice', news.script, `v${news.version}: ${news.files.join(', ')} changed`];
    case 'failed': return ['bad', news.run.script, `${nameOf(news.run)} did not start: ${why(news.failure)}${news.goesOn === undefined ? '' : `; ${nameOf(news.goesOn)} goes on`}`];
    case 'crashed': return ['bad', news.run.script, `${nameOf(news.run)} crashed ${duration(news.after)} after its start: ${why(news.failure)}`];
    case 'restarting': return ['notice', news.script, `v${news.version}${placeOf(news)} starts again in ${ms(news.in)}`];
    case 'gaveUp': return ['bad', news.script, gaveUp(news)];
    case 'retired': return ['gone', news.run.script, `${nameOf(news.run)} has ${news.killed ? `not finished within ${ms(news.after)}, and was killed` : `finished, ${ms(news.after)} after it was told to`}`];
    case 'ended': return ['gone', news.run.script, `${nameOf(news.run)} has ended by itself${untilSave(news.watching)}`];
    case 'ousted': return ['gone', news.run.script, `${nameOf(news.run)} has ended: another process, which was not started here, has taken its turn${untilSave(news.watching)}`];
    case 'lost': return ['bad', news.run.script, `${count(news.loss.events.length, 'event')} that ${nameOf(news.run)} had in hand lost: ${listed(news.loss.events)}`];
    case 'waiting': return ['notice', news.host, `is not there; waiting for it up to ${duration(news.patience)}`];
    case 'hostGone': return ['bad', news.host, 'has gone; waiting for it to come back'];
    case 'hostBack': return ['good', news.host, 'is back'];
    case 'noHost': return ['bad', news.host, `is not waited for any longer: ${news.reason}`];
  }
}

/** `v2 [4242]`, `v2 #3 [4242]`. */
function nameOf(run: Run): string {
  return `v${run.version}${placeOf(run)} [${run.pid}]`;
}

function placeOf({ instance }: { instance: number | undefined }): string {
  return instance === undefined ? '' : ` #${instance}`;
}

function turn({ handover }: Extract<News, { kind: 'live' }>): string {
  if (handover === undefined) return '';
  const { role, gap, parked, dropped, state, stateError } = handover;
  return `; ${role}: gap ${ms(gap)}, ${count(parked, 'event')} held${dropped === 0 ? '' : `, ${dropped} dropped`}${state === undefined ? '' : `, state ${state}`}${stateError === undefined ? '' : `, without its state: ${stateError.message}`}`;
}

function why({ what, exit }: Failure): string {
  return exit === undefined ? what : `${what} (${exit})`;
}

function gaveUp({ version, crashes, watching, ...place }: Extract<News, { kind: 'gaveUp' }>): string {
  const what = crashes === 0 ? `v${version}${placeOf(place)} cannot run` : `v${version}${placeOf(place)} has crashed ${crashes} times, each time soon after its start: it is given up`;
  return `${what}${untilSave(watching)}`;
}

function untilSave(isWatching: boolean): string {
  return isWatching ? '; waiting for a save' : '';
}

const MOST_LISTED = 10;

function listed(events: readonly { on: string; event: string; number: number }[]): string {
  const names = events.slice(0, MOST_LISTED).map(({ on, event, number }) => `${on} ${event} (no. ${number})`);
  return names.join(', ') + (events.length > MOST_LISTED ? ', …' : '');
}

function ms(duration: number): string {
  return `${duration < 10 ? duration.toFixed(1) : Math.round(duration)} ms`;
}
