import { expect, it } from 'vitest';
import { connect, host } from '../src/index.js';

const refused = { code: 'ERR_DYNOBOT_ARGUMENT' };

it('refuses options that are not known, or not what they must be', async () => {
  for (const options of [{ timeuot: 5 }, { timeout: -1 }, { timeout: 'x' }, { collect: 1 }, { kinds: {} }, { limits: { frames: 1 } }, { limits: { frame: 'x' } }, { limits: null }]) {
    await expect(connect('nobody', options as object)).rejects.toMatchObject(refused);
    await expect(host({}, options as object)).rejects.toMatchObject(refused);
  }
  await expect(host({}, { nme: 'x' } as object)).rejects.toThrow('host() knows no option nme. It knows: name, limits, kinds, timeout, collect');
  await expect(host({}, { roles: { job: { parkk: 1 } } } as object)).rejects.toThrow('host(), the role job knows no option parkk. It knows: events, bytes');
});

it('refuses services that are not objects', async () => {
  for (const services of [undefined, null, 'x', { a: 1 }, { a: null }, { dynobot: {} }, { '': {} }]) {
    await expect(host(services as never)).rejects.toMatchObject(refused);
  }
});
