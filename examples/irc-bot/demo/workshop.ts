import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from './until.js';

const EXAMPLE = fileURLToPath(new URL('..', import.meta.url));
const DYNOBOT = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

/** Where the bot is edited while it runs: a copy of bot.ts, under `dynobot run --watch`. */
export class Workshop {
  readonly #folder = mkdtempSync(join(EXAMPLE, '.demo-'));
  readonly #file = join(this.#folder, 'bot.ts');
  readonly #lines: string[] = [];
  #runner: ChildProcess | undefined;

  constructor(
    private readonly env: NodeJS.ProcessEnv,
    private readonly host: string,
    private readonly patience: number,
    /** Is shown what the runner prints. */
    private readonly watch: (line: string) => void,
  ) {
    process.once('exit', () => this.#remove());
  }

  /** Saves the bot, with another version in it. */
  save(version: number): void {
    const text = readFileSync(join(EXAMPLE, 'bot.ts'), 'utf8');
    const edited = text
      .replace("import { channel, hostName, version } from './settings.js';", `import { channel, hostName } from '../settings.js';\n\nconst version = ${version};`)
      .replace(/\n+const room[^]*$/, '\n');
    writeFileSync(this.#file, edited);
  }

  async run(): Promise<void> {
    this.#runner = spawn(process.execPath, [DYNOBOT, 'run', 'bot.ts', '--host', this.host, '--watch'], {
      cwd: this.#folder, env: { ...process.env, ...this.env }, stdio: ['ignore', 'inherit', 'pipe'],
    });
    createInterface(this.#runner.stderr!).on('line', (line) => this.#hear(line));
    await this.says('is live');
  }

  /** Waits until the runner has printed a line with these words in it. */
  async says(words: string): Promise<void> {
    await until(`the runner says "${words}"`, this.patience, () => {
      if (this.#runner?.exitCode !== null) throw new Error(`The runner has ended: ${this.#lines.join('\n')}`);
      return this.#lines.some((line) => line.includes(words));
    });
  }

  /** As by Ctrl-C. */
  async close(): Promise<void> {
    if (this.#runner !== undefined && this.#runner.exitCode === null) {
      const ended = once(this.#runner, 'exit');
      this.#runner.kill('SIGINT');
      await ended;
    }
    this.#remove();
  }

  #hear(line: string): void {
    this.#lines.push(line);
    this.watch(line.replace(/^[\d:]+ . /, ''));
  }

  #remove(): void {
    this.#runner?.kill('SIGKILL');
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
