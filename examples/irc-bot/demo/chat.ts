import type { Person } from './person.js';
import type { Claim } from './proof.js';
import { until } from './until.js';

/** Milliseconds between two lines of one person: on a real network, who says more is taken for a flood. */
const PACE = { own: 20, elsewhere: 1000 };

/** Several people who talk to the bot at once, in numbered lines. */
export class Chat {
  readonly #said: string[] = [];
  readonly #timers: NodeJS.Timeout[];
  readonly #from: number;

  constructor(
    private readonly people: readonly Person[],
    private readonly bot: string,
    isOwnServer: boolean,
  ) {
    this.#from = people[0]!.heard.length;
    this.#timers = people.map((person) => setInterval(() => this.#say(person), isOwnServer ? PACE.own : PACE.elsewhere));
  }

  #say(person: Person): void {
    const line = `${person.nick} ${this.#said.length + 1}`;
    this.#said.push(line);
    person.say(`!echo ${line}`);
  }

  /** The bot's answers: who said what, and the version that answered it. */
  get answers(): { version: string; line: string }[] {
    const own = this.people[0]!.heard.slice(this.#from).filter(({ nick }) => nick === this.bot);
    return own.flatMap(({ text }) => {
      const [, version, line] = /^(v\d+): (.*)$/.exec(text) ?? [];
      return version === undefined || line === undefined ? [] : [{ version, line }];
    });
  }

  async answeredBy(version: string, patience: number, count: number): Promise<void> {
    await until(`${version} has answered ${count} lines`, patience, () => this.answers.filter((answer) => answer.version === version).length >= count);
  }

  /** They fall silent, and hear the last answer. */
  async end(patience: number): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    await until('every line has been answered', patience, () => this.answers.length >= this.#said.length);
  }

  prove(versions: readonly string[]): Claim[] {
    const { answers } = this;
    const answered = new Set(answers.map(({ line }) => line));
    const by = versions.map((version) => `${version} ${answers.filter((answer) => answer.version === version).length}`);
    const changes = answers.filter(({ version }, n) => n > 0 && version !== answers[n - 1]!.version);
    return [
      {
        claim: `each line of ${this.people.map(({ nick }) => nick).join(' and ')} was answered once`,
        holds: answered.size === this.#said.length && answers.length === this.#said.length,
        evidence: `${this.#said.length} lines, ${answers.length} answers`,
      },
      {
        claim: 'each by the version of its time',
        holds: changes.map(({ version }) => version).join() === versions.slice(1).join(),
        evidence: by.join(', '),
      },
    ];
  }
}
