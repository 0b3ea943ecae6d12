import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';
import type { Tables } from '../../src/index.js';
import { PATIENCE, within } from '../support/deadline.js';
import { eventually } from '../support/eventually.js';
import { TestProcess } from '../support/test-process.js';

let hosts = 0;
const started: ChildProcess[] = [];

/** What a test that failed has left. */
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
});

/** What a client holds of a host that publishes three services, and so does the host for it. */
export const SERVICES = 4;

interface Options {
  collect?: boolean;
}

/** A process without a compiler, and without --expose-gc: collection is what it is for a user. */
class Plain extends TestProcess {
  static async launch(fixture: string, name: string, options: Options): Promise<ChildProcess> {
    const child = fork(fileURLToPath(new URL(`fixtures/${fixture}.mjs`, import.meta.url)), {
      execArgv: [],
      env: { ...process.env, TEST_HOST: name, TEST_OPTIONS: JSON.stringify(options) },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    started.push(child);
    const exited = once(child, 'exit').then(() => {
      throw new Error(`${fixture} ended before it was ready`);
    });
    exited.catch(() => {});
    await within(PATIENCE, `${fixture} to be ready`, Promise.race([once(child, 'message'), exited]));
    return child;
  }

  tables(): Promise<Tables> {
    return this.ask('tables');
  }

  /** Waits until the tables hold so much; returns how many milliseconds that took. */
  async holds(expected: { exports?: number; imports?: number }, ms?: number): Promise<number> {
    const keys = Object.keys(expected) as ('exports' | 'imports')[];
    return eventually(
      `what the tables hold`,
      async () => {
        const tables = await this.tables();
        return Object.fromEntries(keys.map((key) => [key, tables[key]]));
      },
      { ...expected }, ms,
    );
  }
}

export class Client extends Plain {
  /** How many milliseconds it took to pass fresh values, when that is over. */
  async passed(): Promise<number> {
    const all = 180_000;
    await eventually('the end of passing', async () => (await this.ask<number>('passed')) > 0, true, all);
    return this.ask('passed');
  }

  static async of(host: HostFixture, options: Options = {}): Promise<Client> {
    return new Client(await Plain.launch('client', host.name, options));
  }
}

/** A process that runs another fixture. */
export class Lone extends Plain {
  static async of(host: HostFixture, fixture: string): Promise<Lone> {
    return new Lone(await Plain.launch(fixture, host.name, {}));
  }
}

export class HostFixture extends Plain {
  private constructor(child: ChildProcess, readonly name: string) {
    super(child);
  }

  static async begin(options: Options = {}): Promise<HostFixture> {
    const name = `collection-${process.pid}-${++hosts}`;
    return new HostFixture(await Plain.launch('host', name, options), name);
  }

  /** The clients leave, and nothing of them is left. Then it ends itself. */
  async end(...clients: Client[]): Promise<void> {
    for (const client of clients) {
      await client.ask('close');
      await eventually('the tables of a client', () => client.tables(), { exports: 0, imports: 0, calls: 0, answers: 0, listeners: 0 });
      await client.stop();
    }
    await eventually('the sessions of the host', () => this.ask('sessions'), 0);
    await this.stop();
  }
}
