import { HostProcess } from '../../support/host-process.js';
import { TestProcess } from '../../support/test-process.js';

const HOST = new URL('../fixtures/one-host.ts', import.meta.url);
const HANDLER = new URL('../fixtures/one-handler.ts', import.meta.url);

/** A host with one server, and processes that handle it. */
export class Stage {
  readonly handlers: TestProcess[] = [];

  private constructor(readonly host: HostProcess, readonly port: number) {}

  static async open(env: Record<string, string> = {}): Promise<Stage> {
    const host = await HostProcess.start(HOST, env);
    return new Stage(host, await host.ask<number>('port'));
  }

  /** A process that handles requests from now on. */
  async handle(env: Record<string, string> = {}): Promise<TestProcess> {
    const handler = await TestProcess.start(HANDLER, { TEST_HOST: this.host.name, ...env });
    this.handlers.push(handler);
    // Its listeners are there when a call that came after them is answered.
    await handler.ask('settled');
    return handler;
  }

  async close(): Promise<void> {
    await Promise.all([this.host, ...this.handlers].map((one) => one.stop()));
  }
}

const MIB = 1024 * 1024;

/** Resident memory of processes, and by how much it grows while something is done. */
export async function growth(processes: readonly TestProcess[], work: () => Promise<unknown>): Promise<number[]> {
  const rss = async (): Promise<number[]> => Promise.all(processes.map(async (one) => (await one.ask<NodeJS.MemoryUsage>('memory')).rss / MIB));
  const before = await rss();
  const most = [...before];
  const working = work();
  let isOver = false;
  const watch = (async () => {
    while (!isOver) {
      const now = await Promise.all(processes.map((one) => one.ask<number>('rss')));
      now.forEach((bytes, i) => (most[i] = Math.max(most[i]!, bytes / MIB)));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  })();
  try {
    await working;
  } finally {
    isOver = true;
    await watch;
  }
  return most.map((mib, i) => Math.round(mib - before[i]!));
}
