import { expect, test } from 'vitest';
import { HostFixture, Lone, SERVICES } from './processes.js';

test.concurrent('a collector with work to do does not keep its process alive', async () => {
  const host = await HostFixture.begin();
  const lone = await Lone.of(host, 'unheld');
  const { code } = await lone.exited;
  expect(code).toBe(0);
  await host.holds({ exports: 0 });
  await host.end();
});

test.concurrent('collects in a Worker, for a session over its port', { timeout: 30_000 }, async () => {
  const host = await HostFixture.begin();
  const lone = await Lone.of(host, 'worker');
  const outcome = await lone.ask<{ most: number; left: number; milliseconds: number }>('passInWorker', 30_000);
  expect(outcome.most).toBeGreaterThan(0);
  expect(outcome.left).toBe(SERVICES - 2);
  await lone.stop();
  await host.end();
});

test.concurrent('a process whose proxies all live on is not collected again and again', async () => {
  const host = await HostFixture.begin();
  const lone = await Lone.of(host, 'counting');
  // Three services: too few to look after, once they have been quiet for three seconds.
  expect(await lone.ask('collectionsIn', 5_000)).toBeLessThanOrEqual(1);
  await lone.stop();
  await host.end();
});
