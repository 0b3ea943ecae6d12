import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Connection } from '../../src/index.js';
import { HostProcess } from '../support/host-process.js';
import type { Values } from './fixtures/values-host.js';
import { places } from './places.js';
import { renderTable, table } from './table.js';

let host: HostProcess;
let connection: Connection<{ values: Values }>;

beforeAll(async () => {
  host = await HostProcess.start(new URL('fixtures/values-host.ts', import.meta.url));
  connection = await host.connect();
});

afterAll(async () => {
  await host.isClean(connection);
  await host.stop();
});

describe.each(table)('$kind ($how)', ({ kind, make, check }) => {
  it.each(places)('arrives $name, both ways', async ({ name, wrap, unwrap }) => {
    const { values } = connection.services;
    expect(await values.take(kind, name, wrap(make()))).toBe(true);
    await check(await unwrap(await values.give(kind, name)));
    const callBack = async (arrived: unknown): Promise<unknown> => {
      await check(await unwrap(arrived));
      return wrap(make());
    };
    expect(await values.callBack(kind, name, callBack)).toBe(true);
  });

  it('arrives in a thrown error, both ways', async () => {
    const { values } = connection.services;
    const error = await values.fail(kind).then(() => undefined, (thrown: unknown) => thrown);
    await check((error as { value: unknown }).value);
    const fail = (): never => {
      throw Object.assign(new Error('thrown'), { value: make() });
    };
    expect(await values.takeThrown(kind, fail)).toBe(true);
  });
});

// The string that begins an escape on the wire.
it('arrives after an argument that is "$"', async () => {
  const { values } = connection.services;
  const later = (): string => 'called';
  expect(await values.second('$', undefined)).toBe('undefined');
  expect(await values.second('$', [undefined])).toBe('object');
  expect(await values.second('$', later)).toBe('function');
});

it('leaves nothing behind, once the garbage is collected', async () => {
  await host.holdsOnlyServices(connection);
});

it('is what docs/values.md says (UPDATE_DOCS=1 writes it there)', () => {
  const file = new URL('../../docs/values.md', import.meta.url);
  const page = readFileSync(file, 'utf8');
  const between = /(?<=<!-- table -->\n)[^]*?(?=\n<!-- end of table -->)/;
  if (process.env['UPDATE_DOCS'] !== undefined) writeFileSync(file, page.replace(between, () => renderTable()));
  expect(between.exec(readFileSync(file, 'utf8'))?.[0]).toBe(renderTable());
});
