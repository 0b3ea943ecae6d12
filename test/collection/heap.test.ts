import { expect, test } from 'vitest';
import { Client, HostFixture, SERVICES } from './processes.js';

const LONG = process.env['COLLECTION'] === 'long';
const COUNT = 100_000;

// Cap'n Web's cost is 366 bytes on the client and 387 on the host, measured in the same way.
test.each([
  { kind: 'anonymous', client: 250, host: 350 },
  { kind: 'named', client: 250, host: 350 },
])('100,000 $kind callbacks that the host holds cost few bytes each, on both sides', async ({ kind, client: most, host: mostOnHost }) => {
  const host = await HostFixture.begin();
  const client = await Client.of(host);
  await client.ask('keep', kind, 2_000);
  const before = { client: await client.ask<number>('heap'), host: await host.ask<number>('heap') };
  await client.ask('keep', kind, COUNT);
  const after = { client: await client.ask<number>('heap'), host: await host.ask<number>('heap') };
  const each = { client: (after.client - before.client) / COUNT, host: (after.host - before.host) / COUNT };
  if (LONG) console.log(JSON.stringify({ kind, ...each }));
  expect(each.client).toBeLessThan(most);
  expect(each.host).toBeLessThan(mostOnHost);
  await host.ask('dropKept');
  await client.holds({ exports: 0, imports: SERVICES });
  await host.end(client);
});
