import { expect, it } from 'vitest';
import { isProxy } from '../../src/index.js';
import { objectsHost } from './setup.js';

const setup = objectsHost();

it('gives the same proxy for the same object, from wherever it comes', async () => {
  const { rex, registry } = setup.services;
  expect(await rex.self()).toBe(rex);
  await registry.keep('rex', rex);
  expect(await registry.kept('rex')).toBe(rex);
  expect(await registry.isKept('rex', rex)).toBe(true);
  await registry.forget('rex');
});

it('gives the original back when a proxy goes home, function, object and symbol', async () => {
  const { registry } = setup.services;
  class Local {}
  const symbol = Symbol('mine');
  for (const original of [() => {}, new Local(), symbol, class {}]) {
    await registry.keep('it', original);
    expect(await registry.kept('it')).toBe(original);
    expect(await registry.isKept('it', original)).toBe(true);
  }
  await registry.forget('it');
});

it('takes two functions of one call for two, one given twice for one', async () => {
  const { registry } = setup.services;
  const one = (): void => {};
  expect(await registry.same(one, () => {})).toBe(2);
  expect(await registry.same(one, one, [one], { one })).toBe(3);
  expect(await registry.same({ one }, one)).toBe(2);
});

it('takes a function that comes in ten calls for one, and holds it once', async () => {
  const { registry } = setup.services;
  const before = (await setup.host.sessions())[0]!.imports;
  const handler = (): void => {};
  await registry.keep('handler', handler);
  for (let i = 0; i < 10; i++) expect(await registry.isKept('handler', handler)).toBe(true);
  expect((await setup.host.sessions())[0]!.imports).toBeLessThanOrEqual(before + 1);
  await registry.forget('handler');
});

it('carries functions in nested options, and in results', async () => {
  const { registry } = setup.services;
  const callbacks = [(n: number) => n + 100, async (n: number) => n + 200];
  expect(await registry.options({ nested: { callbacks: callbacks as never } })).toEqual([100, 201]);
  const { list: [next, { times }] } = (await registry.makers()) as { list: [(n: number) => Promise<number>, { times(n: number): Promise<number> }] };
  expect([await next(1), await times(2), isProxy(next)]).toEqual([2, 20, true]);
});

it('passes what a callback returns, throws, and is called on', async () => {
  const { registry, rex } = setup.services;
  expect(await registry.apply((a: unknown, b: unknown) => ({ a, b }), 1, rex)).toEqual({ a: 1, b: rex });
  await expect(registry.apply(() => { throw Object.assign(new TypeError('mine'), { code: 'E_MINE' }); })).rejects.toMatchObject({ name: 'TypeError', code: 'E_MINE' });
  expect(await registry.whoAmI()).toBe(true);
});
