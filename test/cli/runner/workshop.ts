import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect, type Connection, type Remote } from '../../../src/index.js';
import { eventually } from '../../support/eventually.js';
import type { Command } from '../command.js';
import type { feed } from '../modules/feed.js';
import { Stage } from '../stage.js';

const FEED = fileURLToPath(new URL('../modules/feed.ts', import.meta.url));
const PACKAGE = fileURLToPath(new URL('../../../', import.meta.url));

interface Services {
  feed: typeof feed;
}

/** Where a bot is written, run and mended: a folder with dynobot installed, and a host whose lines the bot answers. */
export class Workshop implements AsyncDisposable {
  readonly stage = new Stage();
  readonly #name: string;
  readonly #runners: Command[] = [];
  #connection!: Connection<Services>;

  private constructor(name: string) {
    this.#name = name;
    mkdirSync(join(this.stage.directory, 'node_modules'));
    symlinkSync(PACKAGE, join(this.stage.directory, 'node_modules/dynobot'));
    this.stage.file('package.json', '{ "type": "module" }');
  }

  static async open(name: string): Promise<Workshop> {
    const workshop = new Workshop(name);
    await workshop.host();
    return workshop;
  }

  async host(): Promise<Command> {
    const host = await this.stage.host(this.#name, FEED);
    const { XDG_RUNTIME_DIR } = process.env;
    process.env['XDG_RUNTIME_DIR'] = this.stage.directory;
    this.#connection ??= await connect<Services>(this.#name, { name: 'workshop' }).finally(() => {
      if (XDG_RUNTIME_DIR === undefined) delete process.env['XDG_RUNTIME_DIR'];
      else process.env['XDG_RUNTIME_DIR'] = XDG_RUNTIME_DIR;
    });
    return host;
  }

  get feed(): Remote<Services['feed']> {
    return this.#connection.services.feed as Remote<Services['feed']>;
  }

  /** Writes the bot, with something that is to be done before its listener is attached, and after. */
  write(by: string, { before = '', after = '' }: { before?: string; after?: string } = {}): void {
    this.stage.file('bot.ts', `
      import { connect } from 'dynobot';
      import { setTimeout as pause } from 'node:timers/promises';
      ${before}
      interface Feed { on(event: 'line', listener: (line: number) => void): this; answer(line: number, by: string): void }
      const connection = await connect<{ feed: Feed }>();
      const { feed } = connection.services;
      feed.on('line', (line) => feed.answer(line, ${JSON.stringify(by)}));
      void pause;
      ${after}
    `);
  }

  run(...options: string[]): Command {
    return this.start('bot.ts', '--host', this.#name, ...options);
  }

  /** `dynobot run`, which is ended as by Ctrl-C if the test has not ended it. */
  start(...args: string[]): Command {
    const runner = this.stage.start('run', ...args);
    this.#runners.push(runner);
    return runner;
  }

  /** Waits until somebody of that name answers what is said from now on. */
  async answeredBy(by: string): Promise<void> {
    await this.feed.say();
    const line = await this.feed.said;
    await eventually(`who answers line ${line}`, async () => (await this.feed.answers()).find((answer) => answer.line === line)?.by, by);
  }

  /** Who has answered each line. Throws if one was answered twice, or not in order. */
  async answers(): Promise<string[]> {
    const answers = await this.feed.answers();
    const lines = answers.map(({ line }) => line);
    const expected = [...new Set(lines)].sort((a, b) => a - b);
    if (lines.join() !== expected.join()) throw new Error(`lines were answered in the order ${lines.join()}`);
    const by: string[] = [];
    for (const answer of answers) by[answer.line] = answer.by;
    return by;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#runners.map((runner) => runner.signal('SIGINT').outcome()));
    await this.#connection.close();
    await this.stage[Symbol.asyncDispose]();
  }
}
