import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Chatter } from '../support/chatter.js';
import { hasNgircd, Ngircd, ngircdNote } from '../support/ngircd.js';
import { itHoldsAConversation } from './conversation.js';

describe.skipIf(!hasNgircd)(`the real ngircd${ngircdNote}`, () => {
  let server: Ngircd;
  beforeAll(async () => {
    server = await Ngircd.start();
  });
  afterAll(() => server.stop());

  itHoldsAConversation(() => server);

  it('logs each connection, the nick on it, and its end', async () => {
    const own = await Ngircd.start();
    const alice = await Chatter.join(own.port, 'alice', '#log');
    const bob = await Chatter.join(own.port, 'bob', '#log');
    await alice.quit();
    await own.logged('the end of a connection', /Connection \d+ with \S+ closed/);
    const carol = await Chatter.join(own.port, 'carol', '#log');
    expect(own.connections).toEqual([
      { nick: 'alice', closed: true },
      { nick: 'bob', closed: false },
      { nick: 'carol', closed: false },
    ]);
    await bob.quit();
    await carol.quit();
    await own.stop();
  });
});
