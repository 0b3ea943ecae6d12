import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const command = join(root, 'dist/cli/main.js');

/** A folder of a user: an ES module project with dynobot and other packages installed. */
export class Folder {
  readonly path = mkdtempSync(join(tmpdir(), 'dynobot-docs-'));
  readonly #children: ChildProcess[] = [];

  constructor(...packages: string[]) {
    this.write('package.json', '{ "type": "module" }');
    mkdirSync(join(this.path, 'node_modules'));
    symlinkSync(root, join(this.path, 'node_modules/dynobot'));
    for (const name of packages) {
      mkdirSync(dirname(join(this.path, 'node_modules', name)), { recursive: true });
      symlinkSync(join(root, 'node_modules', name), join(this.path, 'node_modules', name));
    }
  }

  write(file: string, text: string): string {
    const path = join(this.path, file);
    writeFileSync(path, text);
    return path;
  }

  /** A line as one would type it, `npx dynobot host ./irc.ts`. Its hosts are those of this folder alone. */
  run(line: string, env: NodeJS.ProcessEnv = {}): Command {
    const [, , ...args] = line.match(/'[^']*'|\S+/g)!.map((word) => word.replace(/^'(.*)'$/, '$1'));
    return this.#spawn([command, ...args], env);
  }

  /** A script of the folder, by itself. */
  runNode(script: string): Command {
    return this.#spawn(['--import', import.meta.resolve('tsx'), script], {});
  }

  #spawn(args: readonly string[], env: NodeJS.ProcessEnv): Command {
    const child = spawn(process.execPath, args, {
      cwd: this.path,
      env: { ...process.env, XDG_RUNTIME_DIR: this.path, DYNOBOT_HOST: undefined, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#children.push(child);
    return new Command(child);
  }

  async remove(): Promise<void> {
    await Promise.all(this.#children.map(async (child) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    }));
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** One command that runs. */
export class Command {
  output = '';
  readonly ended: Promise<number | null>;

  constructor(private readonly child: ChildProcess) {
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (this.output += text));
    this.ended = once(child, 'close').then(([code]: (number | null)[]) => code ?? null);
  }

  kill(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }
}
