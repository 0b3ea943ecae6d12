import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HostProcess } from '../support/host-process.js';
import { TestProcess } from '../support/test-process.js';

/** What a row's code (fixtures/subject-client.ts) comes to: locally, and for a blocking client. By how the row begins. */
const ROWS: Record<string, [locally: unknown, blocking: unknown]> = {
  'Plain objects': [[true, true], [false, true]],
  'An error that the host throws twice': [[true, true], [false, true]],
  'What a callback returns': [[7, 'number'], [7, 'promise']],
  'An exception of a callback': [['works', 'thrown'], ['throws', 'nothing thrown, then rejected']],
  'A listener that runs during': [['here', 'there', 'returned'], ['there', 'returned', 'here']],
  'What a listener does to the event object': [true, false],
  'A listener for one event': [['throws', 2], ['throws', 1]],
  '`removeAllListeners()`': [[2, 0], [2, 1]],
  'Names that begin with': [['mine', 5, 5], [null, 5, null]],
  '`then`': [[true, true, null], [false, false, null]],
  'A method taken off its object': [['works', 'made'], ['throws', 'made']],
  'A static method of a hosted class called on a subclass': ['Sub', 'Subject'],
  'Replacing a method': [['works', 'works', true], ['throws', 'throws', true]],
  'Properties with symbols': [[1, 1], [1, 0]],
  'A prototype of a hosted class': [['extra', true], ['extra', false]],
  '`Object.freeze`': [['works', 'works', 'works'], ['throws', 'throws', 'throws']],
  'Property descriptors': [[false, 'works', 1], [true, 'throws', 0]],
  'Assigning what is refused': ['works', 'throws'],
  'A property that a subclass adds': [[1, 1, 5], [1, null, 5]],
  'Methods that attach or detach': [[1, 1], [0, 1]],
  'A function without members': [[1, 1, true], [1, 1, false]],
  'A generator': [[true, false], [false, true]],
  'A stream': [[true, true, 'a', 'b', true, true], [false, true, null, 'ab', true, true]],
  'The message of an': [['fails', true], ['fails', false]],
  '`Array.isArray`': [[true, true], [true, false]],
  '`===` after': [[true, true], [true, false]],
  'Private members': [['shh', 'works'], ['shh', 'throws']],
};

const page = readFileSync(new URL('../../docs/blocking.md', import.meta.url), 'utf8');
const table = page.slice(page.indexOf('## What stays different'), page.indexOf('## The tests of'));
/** Speed is measured by bench/, not tested. */
const inDocs = [...table.matchAll(/^\| ([^| ][^|]*?) \|/gm)].map(([, cell]) => cell!).filter((cell) => cell !== '---' && cell !== 'Speed');

let host: HostProcess;
let client: TestProcess;
beforeAll(async () => {
  host = await HostProcess.start(new URL('fixtures/subject-host.ts', import.meta.url));
  client = await TestProcess.start(new URL('fixtures/subject-client.ts', import.meta.url), { TEST_HOST: host.name });
});
afterAll(async () => {
  client.kill();
  await host.stop();
});

describe('what stays different from a local object', () => {
  it.each(Object.entries(ROWS))('%s', async (row, expected) => {
    expect(await client.ask('row', row)).toEqual(expected);
  });

  it('is what the docs say, row by row', () => {
    expect(inDocs).toHaveLength(Object.keys(ROWS).length);
    for (const row of inDocs) expect(Object.keys(ROWS).filter((name) => row.startsWith(name)), row).toHaveLength(1);
  });
});
