// npm run soak:http, npm run proof:http: the long forms of what test/http/runs.test.ts does in short.
import { idle } from './idle.js';
import { soak } from './soak.js';
import { transfer } from './transfer.js';

const RUNS: Record<string, () => Promise<{ isRight: boolean }>> = {
  /** Two minutes of traffic, a kill each second. */
  async soak() {
    const result = await soak(Number(process.argv[3] ?? 120));
    return { ...result, isRight: result.failed.length === 0 && result.kills > 0 };
  },
  /** 1 GiB up, 1 GiB down: less than 100 MiB of growth in each process. */
  async transfer() {
    const result = await transfer(Number(process.argv[3] ?? 1024));
    const all = Object.values(result);
    return { ...result, isRight: all.every(({ isWhole, growth: { host, handler } }) => isWhole && host < 100 && handler < 100) };
  },
  /** 10,000 connections that idle. */
  async idle() {
    const result = await idle(Number(process.argv[3] ?? 10_000));
    return { ...result, isRight: result.isAlive && result.heap < 1024 };
  },
};

const names = process.argv[2] === 'all' ? ['transfer', 'idle'] : [process.argv[2] ?? ''];
for (const name of names) {
  const run = RUNS[name];
  if (run === undefined) throw new Error(`${name}: one of ${Object.keys(RUNS).join(', ')}`);
  const result = await run();
  console.log(name, JSON.stringify(result, undefined, 2));
  if (!result.isRight) process.exitCode = 1;
}
process.exit();
