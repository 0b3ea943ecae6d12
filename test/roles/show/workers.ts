import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RoleOptions } from '../../../src/index.js';
import { HostProcess } from '../../support/host-process.js';
import { launch, TestProcess } from '../../support/test-process.js';

/** One event as a process has heard it. */
export interface Heard {
  readonly number: number;
  readonly key: number;
  /** Milliseconds, of one clock for all processes. */
  readonly at: number;
}

export interface WorkerOptions {
  readonly instance?: string | number;
  readonly way?: string;
  /** Bytes of the state that it hands over. */
  readonly state?: number;
  /** Milliseconds that it works on each event. */
  readonly busy?: number;
}

const WORKER = new URL('../fixtures/worker.ts', import.meta.url);
const HOST = new URL('../fixtures/host.ts', import.meta.url);

export class WorkerProcess extends TestProcess {
  constructor(child: Awaited<ReturnType<typeof launch>>, readonly name: string, readonly log: string) {
    super(child);
  }

  /** Takes its turn; what was seen before, if that was handed over. */
  ready(): Promise<number | null> {
    return this.ask('ready');
  }

  /** What it has heard, also when it is dead. */
  heard(): Heard[] {
    return readFileSync(this.log, 'utf8').trim().split('\n').filter(Boolean).map((line) => {
      const [number, key, at] = line.split(' ').map(Number);
      return { number: number!, key: key!, at: at! };
    });
  }
}

/** A host with the role `job`, and processes that take turns in it. */
export class Stage {
  readonly workers: WorkerProcess[] = [];
  #named = 0;

  private constructor(readonly host: HostProcess, private readonly folder: string) {}

  static async open(options: RoleOptions & { sticky?: boolean } = {}): Promise<Stage> {
    const folder = await mkdtemp(join(tmpdir(), 'dynobot-roles-'));
    return new Stage(await HostProcess.start(HOST, { ROLE_OPTIONS: JSON.stringify(options) }), folder);
  }

  /** A process with its listeners registered. */
  async worker({ instance = '', way = 'well', state = 0, busy = 0 }: WorkerOptions = {}): Promise<WorkerProcess> {
    const name = `w${++this.#named}`;
    const log = join(this.folder, `${name}-${Math.random().toString(36).slice(2)}`);
    const env = {
      TEST_HOST: this.host.name, WORKER_LOG: log, WORKER_NAME: name, WORKER_INSTANCE: String(instance), WORKER_WAY: way, WORKER_STATE: String(state), WORKER_BUSY: String(busy),
    };
    const worker = new WorkerProcess(await launch(WORKER, env), name, log);
    this.workers.push(worker);
    return worker;
  }

  news<Kind extends string>(): Promise<Record<Kind, Record<string, unknown>[]>> {
    return this.host.ask('news');
  }

  async close(): Promise<void> {
    await Promise.all([...this.workers, this.host].map((process) => process.stop()));
    await rm(this.folder, { recursive: true, force: true });
  }
}
