import { describe, expect } from 'vitest';
import { eventually } from '../support/eventually.js';
import { Client, HostFixture, SERVICES } from './processes.js';

/** Its own FinalizationRegistry has seen it go. The test may collect here: what is proven is that nothing holds it. */
async function seesCollected(process: Client | HostFixture, ms?: number): Promise<void> {
  await eventually('what was collected', async () => {
    await process.ask('heap');
    return process.ask<number>('collectedHere');
  }, 1, ms);
}

// They wait most of the time.
describe.concurrent('collected by itself', (it) => {
  it('a handler of two events is one import; detached from both it is collected on both sides', async () => {
    const host = await HostFixture.begin();
    const client = await Client.of(host);
    await client.ask('attach', 'first', 'second');
    expect(await host.tables()).toMatchObject({ imports: 1, listeners: 2 });
    expect(await client.tables()).toMatchObject({ exports: 1 });

    await client.ask('detach', 'first', false);
    await host.ask('heap');
    expect(await host.tables()).toMatchObject({ imports: 1, listeners: 1 });
    expect(await client.tables()).toMatchObject({ exports: 1 });

    await client.ask('detach', 'second', true);
    expect(await host.tables()).toMatchObject({ listeners: 0 });
    await host.holds({ imports: 0 });
    await client.holds({ exports: 0, imports: SERVICES });
    await seesCollected(client);
    await host.end(client);
  });

  it("the same for a host's handler of a client's emitter", async () => {
    const host = await HostFixture.begin();
    const client = await Client.of(host);
    await client.ask('lendEmitter', 'first', 'second');
    // The emitter and the handler: each is one, however often it crossed.
    expect(await client.tables()).toMatchObject({ exports: 1, imports: SERVICES + 1, listeners: 2 });
    expect(await client.ask('ownListeners')).toBe(2);

    await host.ask('undoOne');
    await eventually('the listeners', () => client.ask('ownListeners'), 1);
    await client.ask('heap');
    expect(await client.tables()).toMatchObject({ imports: SERVICES + 1, listeners: 1 });

    await host.ask('undoOne');
    await eventually('the listeners', () => client.ask('ownListeners'), 0);
    await client.holds({ imports: SERVICES, exports: 0 });
    await host.holds({ exports: SERVICES, imports: 0 });
    await seesCollected(host);
    await host.end(client);
  });

  it('large data that was passed goes as soon as its sender has no need of it, also if nothing else is ever sent', async () => {
    const host = await HostFixture.begin();
    const client = await Client.of(host);
    await client.ask('passLarge');
    // Before a heartbeat is sent.
    await seesCollected(client, 5_000);
    await host.end(client);
  });

  it('a function that one client gave to another goes with the last who has it', async () => {
    const host = await HostFixture.begin();
    const giver = await Client.of(host);
    const taker = await Client.of(host);
    await giver.ask('share', 'fn');
    await taker.ask('borrow', 'fn');
    await giver.ask('forget');
    await host.ask('unshare', 'fn');
    await host.ask('heap');
    await giver.ask('heap');
    // Nobody but the taker needs it any more.
    expect(await giver.tables()).toMatchObject({ exports: 1 });
    expect(await host.tables()).toMatchObject({ exports: 2 * SERVICES + 1, imports: 1 });
    await taker.ask('useHandler');

    await taker.ask('forget');
    await taker.holds({ imports: SERVICES });
    await host.holds({ exports: 2 * SERVICES, imports: 0 });
    await giver.holds({ exports: 0 });
    await seesCollected(giver);
    await host.end(giver, taker);
  });

  it('without collection (`collect: false`) garbage waits for V8', async () => {
    const host = await HostFixture.begin({ collect: false });
    const client = await Client.of(host, { collect: false });
    await client.ask('pass', { kind: 'function', count: 15_000 });
    await client.passed();
    await client.ask('share', 'fn');
    await client.ask('borrow', 'fn');
    await host.ask('heap');
    await host.holds({ imports: 1 });
    await host.ask('unshare', 'fn');
    await host.ask('heap');
    await host.holds({ imports: 0 });
    await host.end(client);
  });
});
