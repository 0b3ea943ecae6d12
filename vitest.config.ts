import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Processes of their own, so that a test may collect garbage and end sockets without the others noticing.
    pool: 'forks',
    execArgv: ['--expose-gc'],
    // Most tests wait for other processes: more of them at a time than there are cores.
    maxWorkers: Math.max(4, availableParallelism()),
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
});
