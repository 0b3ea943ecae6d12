import { afterEach, describe, expect, it } from 'vitest';
import type { Connection, DynobotError, Limits } from '../../src/index.js';
import { collectGarbage } from '../support/garbage.js';
import { HostProcess } from '../support/host-process.js';
import type { Services } from './fixtures/limited-host.js';

const HOST = new URL('fixtures/limited-host.ts', import.meta.url);
const SMALL = { frame: 10_000 };
/** 150 bytes. */
const EUROS = '€'.repeat(50);

let host: HostProcess;
let client: Connection<Services>;
let ended: unknown;

async function begin(ofHost: Partial<Limits>, ofClient: Partial<Limits>): Promise<Connection<Services>['services']> {
  host = await HostProcess.start(HOST, { TEST_OPTIONS: JSON.stringify({ limits: ofHost }) });
  client = await host.connect<Services>({ limits: ofClient, reconnect: false });
  client.once('close', (reason) => (ended = reason));
  return client.services;
}

afterEach(async () => {
  await host.isClean(client);
  expect(host.stderr).toBe('');
  await host.stop();
});

const codeOf = (promise: Promise<unknown>): Promise<unknown> => promise.then(() => 'fine', (error: unknown) => (error as DynobotError).code);

describe('where the limit for one message is small, many short ones in a turn are within it', () => {
  const sides = [
    ['on both sides', SMALL, SMALL],
    ['of the host alone', SMALL, {}],
    ['of the client alone', {}, SMALL],
  ] as const;

  it.each(sides)('%s: calls, answers and events, of text of many bytes a character', async (_where, ofHost, ofClient) => {
    const { emitter, work } = await begin(ofHost, ofClient);
    const sent = Array.from({ length: 2_000 }, (_, i) => `${EUROS}${i}`);
    expect(await Promise.all(sent.map((text) => work.echo(text)))).toEqual(sent);

    const heard: unknown[] = [];
    emitter.on('tick', (_i: number, text: string) => heard.push(text));
    await work.echo(0);
    await host.ask('emitText', 5_000, EUROS);
    await work.echo(0);
    expect(heard).toEqual(Array(5_000).fill(EUROS));
  });

  it.each(sides)('%s: bytes, and what is given back', async (_where, ofHost, ofClient) => {
    const { work } = await begin(ofHost, ofClient);
    const sent = Array.from({ length: 1_000 }, (_, i) => new Uint8Array([i % 256]));
    expect(await Promise.all(sent.map((bytes) => work.echo(bytes)))).toEqual(sent);

    // Every second one, so that there is much to say.
    const kept: object[] = [];
    for (let i = 0; i < 60; i++) kept.push(...(await work.objects(300)).filter((_, at) => at % 2 === 0));
    await collectGarbage();
    await work.echo(0);
    expect(kept).toHaveLength(9_000);
    expect((await host.sessions())[0]?.exports).toBeLessThan(10_000);
  });
});

describe('one message that is too long', () => {
  it('is refused where it is made, and the session goes on', async () => {
    const { work } = await begin(SMALL, SMALL);
    const beside = work.echo(EUROS);
    expect(await codeOf(work.echo('€'.repeat(3_400)) as Promise<unknown>)).toBe('ERR_DYNOBOT_LIMIT_FRAME');
    expect(await codeOf(work.echo('x'.repeat(10_001)) as Promise<unknown>)).toBe('ERR_DYNOBOT_LIMIT_FRAME');
    expect(await beside).toBe(EUROS);
    expect(await work.echo('€'.repeat(3_300))).toHaveLength(3_300);
  });

  it.each([
    ['in bytes', '€'.repeat(3_400)],
    ['in attached bytes', new Uint8Array(10_000)],
    ['beside short ones', 'x'.repeat(10_001)],
  ])('%s ends the session of who sends it, and tells why', async (_in, value) => {
    const { work } = await begin(SMALL, {});
    const all = await Promise.all([work.echo(1), work.echo(value), work.echo(2)].map((answer) => codeOf(answer as Promise<unknown>)));
    expect(all).toEqual(['fine', 'ERR_DYNOBOT_DISCONNECTED', 'ERR_DYNOBOT_DISCONNECTED']);
    expect(ended).toMatchObject({ code: 'ERR_DYNOBOT_LIMIT_FRAME' });
    expect((await host.ended()).map(({ reason }) => reason)).toEqual(['ERR_DYNOBOT_LIMIT_FRAME']);
  });
});
