import { EventEmitter } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import type { Connection } from '../../src/connection/connection.js';
import { connect } from '../../src/connection/connect.js';
import type { Host } from '../../src/host/host.js';
import { host } from '../../src/host/publish.js';
import { memoryPair } from '../../src/transports/memory.js';
import { eventually } from '../support/eventually.js';
import { collectGarbage } from '../support/garbage.js';

class Channel extends EventEmitter {
  readonly name = '#x';
}

interface Services {
  api: { channel(): Channel };
}

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close();
});

async function hosted(services: Record<string, object>): Promise<{ host: Host; connection: Connection<Services> }> {
  const [near, far] = memoryPair();
  const made = await host(services);
  made.attach(near);
  const connection = await connect<Services>(far);
  open.push(made, connection);
  return { host: made, connection };
}

const listeners = (made: Host): number => made.inspect().sessions[0]!.listeners;

async function collected(what: string, get: () => number): Promise<void> {
  await eventually(what, async () => {
    await collectGarbage();
    return get();
  }, 0);
}

describe('an emitter that was made for a client', () => {
  it('goes when nobody needs it, and with it what was attached to it', async () => {
    const { host: made, connection } = await hosted({ api: { channel: () => new Channel() } });
    (await connection.services.api.channel()).on('message', () => {});
    await eventually('attached', () => listeners(made), 1);
    await collected('listeners', () => listeners(made));
    await collected('references', () => made.inspect().sessions[0]!.imports);
  });

  it('stays while its own process needs it', async () => {
    const channel = new Channel();
    const { host: made, connection } = await hosted({ api: { channel: () => channel } });
    (await connection.services.api.channel()).on('message', () => {});
    await eventually('attached', () => listeners(made), 1);
    for (let i = 0; i < 5; i++) await collectGarbage();
    expect(listeners(made)).toBe(1);
    expect(channel.listenerCount('message')).toBe(1);
  });
});

describe('an emitter of a third process', () => {
  it('loses its listeners with the session that attached them, although the stand-in between was dropped', async () => {
    const channel = new Channel();
    const first = await hosted({ api: { channel: () => channel } });
    const second = await hosted({ api: { channel: () => first.connection.services.api.channel() } });
    (await second.connection.services.api.channel()).on('message', () => {});
    await eventually('attached', () => channel.listenerCount('message'), 1);
    for (let i = 0; i < 5; i++) await collectGarbage();
    expect(channel.listenerCount('message')).toBe(1);
    await second.connection.close();
    await eventually('attached', () => channel.listenerCount('message'), 0);
  });
});
