import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { isProxy, release, snapshot, within, type RemoteError } from '../../src/index.js';
import { eventually } from '../support/eventually.js';
import { objectsHost } from './setup.js';

const setup = objectsHost();

it('within() says which of its options is wrong', () => {
  const { registry } = setup.services;
  const cases: [options: unknown, message: string][] = [
    [undefined, 'within() takes an object with options (timeout, signal), not undefined'],
    [500, 'within() takes an object with options (timeout, signal), not 500'],
    [{ timout: 50 }, 'within() knows no option timout. It knows: timeout, signal'],
    [{ timeout: -1 }, 'within(): the option timeout must be a number of milliseconds, 0 or more, not -1'],
    [{ timeout: 'x' }, 'within(): the option timeout must be a number of milliseconds, 0 or more, not "x"'],
    [{ timeout: 5, signal: 5 }, 'within(): the option signal must be an AbortSignal (of a controller, its signal), not 5'],
  ];
  for (const [options, message] of cases) {
    expect(() => within(registry, options as never)).toThrow(expect.objectContaining({ code: 'ERR_DYNOBOT_ARGUMENT', message }));
  }
});

describe('an object of a class elsewhere', () => {
  it('is an instance of a local class that mirrors it', () => {
    const { rex } = setup.services;
    expect(rex).toBeInstanceOf(EventEmitter);
    expect(rex.constructor.name).toBe('Dog');
    expect(isProxy(rex)).toBe(true);
    expect(typeof rex.fetch).toBe('function');
    expect(rex.fetch.name).toBe('fetch');
    expect(rex.fetch).toBe(rex.fetch);
  });

  it('has methods, getters, setters, data and iteration', async () => {
    const { rex } = setup.services;
    expect(await rex.fetch('a stick')).toBe('Rex fetches a stick');
    expect(await rex.speak('wow')).toBe('Rex says wow');
    expect([await rex.title, await rex.age]).toEqual(['Rex (3)', 3]);
    Reflect.set(rex, 'age', 4);
    expect(await rex.title).toBe('Rex (4)');
    Reflect.set(rex, 'title', 'Max');
    expect(await rex.name).toBe('Max');
    Reflect.set(rex, 'title', 'Rex');
    Reflect.set(rex, 'age', 3);
    const letters: unknown[] = [];
    for await (const letter of rex as unknown as AsyncIterable<string>) letters.push(letter);
    expect(letters.join('')).toBe('Rex');
  });

  it('has data where its own property hides a method of its class', async () => {
    const lamp = await setup.services.registry.lamp as unknown as { onBlown: unknown; light(): Promise<string> };
    expect(await lamp.onBlown).toBe('ignore');
    lamp.onBlown = 'replace';
    expect(await lamp.onBlown).toBe('replace');
    expect(await lamp.light()).toBe('on');
  });

  it('tells of a refused assignment on the connection, in order', async () => {
    const { rex } = setup.services;
    const errors: unknown[] = [];
    setup.connection.on('error', (error) => errors.push(error));
    Reflect.set(rex, 'listeners2', 1);
    Reflect.set(rex, 'constructorless', 1);
    Reflect.set(setup.services.Dog, 'kingdom', 'x');
    await rex.self();
    Reflect.set(setup.services.Dog, 'kingdom', 'animalia');
    expect(errors).toEqual([]);
    setup.connection.removeAllListeners('error');
  });

  it('fails as the original does, with class, code, cause and both stacks', async () => {
    const { rex } = setup.services;
    const callFail = async (): Promise<void> => {
      await rex.fail();
    };
    const error = (await callFail().catch((thrown: unknown) => thrown)) as RangeError & RemoteError & { code: string; cause: Error };
    expect(error).toBeInstanceOf(RangeError);
    expect([error.message, error.code, error.cause.message, error.cause instanceof TypeError]).toEqual(['bad age', 'E_AGE', 'inner', true]);
    expect(error.remoteStack).toMatch(/fail .*objects-host/);
    expect(error.stack).toMatch(/callFail .*mirror\.test/);
  });

  it('brings its primitive properties along', async () => {
    const { rex } = setup.services;
    expect(snapshot(rex)).toMatchObject({ name: 'Rex', age: 3 });
    expect(snapshot(rex)).not.toHaveProperty('_secret');
  });
});

describe('a class elsewhere', () => {
  it('is constructed there', async () => {
    const { Dog, Animal } = setup.services;
    const spot = await new Dog('Spot');
    expect(await spot.fetch('it')).toBe('Spot fetches it');
    expect(spot).toBeInstanceOf(Dog);
    expect(spot).toBeInstanceOf(Animal);
    expect(await new Animal('Cat')).not.toBeInstanceOf(Dog);
    expect(spot.constructor.name).toBe('Dog');
  });

  it('has its static methods and data, the inherited ones too', async () => {
    const { Dog, Animal } = setup.services;
    const named = await (Dog as unknown as { named(name: string): Promise<object> }).named('Ace');
    expect(named).toBeInstanceOf(Dog);
    expect(await (Dog as unknown as { kingdom: Promise<string> }).kingdom).toBe('animalia');
    expect([Dog.name, Animal.name, Animal.length]).toEqual(['Dog', 'Animal', 1]);
  });

  it('is a value where it is a property, of a class or of an object', async () => {
    const { Dog, registry } = setup.services;
    const Collar = await Dog.Collar;
    const collar = await new Collar(3);
    expect(collar).toBeInstanceOf(Collar);
    expect(await collar.size).toBe(3);
    expect(await (Collar as unknown as { material: Promise<string> }).material).toBe('leather');
    expect(await registry.Dog).toBe(Dog);
  });
});

describe('names that never cross', () => {
  const names = ['then', 'toJSON', 'constructor', '__proto__', 'prototype', 'hasOwnProperty', 'toString', 'valueOf', 'isPrototypeOf', '__defineGetter__', '__lookupSetter__', '_x', '_secret', '_bite'];

  it.each(names)('%s is looked up here alone', async (name) => {
    const { silent, registry } = setup.services;
    const local = Reflect.get(silent, name) as unknown;
    expect(local === undefined || local === Reflect.get({}, name) || typeof local === 'function' || name === '__proto__').toBe(true);
    await registry.same();
    expect(await setup.host.ask('asked')).not.toContain(name);
  });

  it('so a proxy can be awaited, printed, compared and made JSON of', async () => {
    const { silent, rex, registry } = setup.services;
    expect((await (silent as unknown as Promise<unknown>)) === silent).toBe(true);
    expect(JSON.stringify({ rex, silent })).toBe('{"rex":{},"silent":{}}');
    expect(String(rex)).toBe('[object Object]');
    expect(Object.keys(rex)).toEqual([]);
    await registry.same();
    expect(await setup.host.ask<string[]>('asked')).toEqual([]);
  });

  it('and what is set under such a name stays here', async () => {
    const { rex } = setup.services;
    Reflect.set(rex, '_mine', 1);
    expect(Reflect.get(rex, '_mine')).toBe(1);
    Reflect.set(rex, 'odd.then', 1);
    Reflect.get(rex, 'a.constructor');
    expect(await rex.fetch('on')).toBe('Rex fetches on');
    const { Dog } = setup.services;
    try {
      Reflect.set(Dog, 'call', 1);
      Reflect.set(Dog, 'bind', 1);
      Reflect.set(Dog, 'length', 1);
    } finally {
      expect(await (Dog as unknown as { kingdom: Promise<string> }).kingdom).toBe('animalia');
    }
  });
});

describe('calls with options', () => {
  it('are given up after their time, or with their signal', async () => {
    const { registry } = setup.services;
    await expect(within(registry, { timeout: 50 }).hang()).rejects.toMatchObject({ code: 'ERR_DYNOBOT_TIMEOUT', kind: 'timeout' });
    const controller = new AbortController();
    const hanging = within(registry, { signal: controller.signal }).hang();
    const reason = new Error('changed my mind');
    const { stack } = reason;
    controller.abort(reason);
    await expect(hanging).rejects.toBe(reason);
    expect(reason.stack).toBe(stack);
    await expect(within(registry, { signal: AbortSignal.abort(reason) }).hang()).rejects.toBe(reason);
    expect(await within(registry, { timeout: 5000 }).same(1, 2)).toBe(2);
    expect(await registry.same(within(registry, { timeout: 1 }), registry)).toBe(1);
  });

  it('can be functions, too', async () => {
    const { registry } = setup.services;
    const { list: [next] } = (await registry.makers()) as { list: [(n: number) => Promise<number>] };
    const hasty = within(next, { timeout: 5000 });
    expect([hasty.name, hasty.length, await hasty(4)]).toEqual([next.name, 1, 5]);
  });

  it('have the timeout of their connection, if it has one', async () => {
    const hasty = await setup.host.connect<typeof setup.services>({ timeout: 50 });
    const { registry } = hasty.services as unknown as typeof setup.services;
    await expect(registry.hang()).rejects.toMatchObject({ code: 'ERR_DYNOBOT_TIMEOUT' });
    await hasty.close();
    await eventually('sessions', async () => (await setup.host.sessions()).length, 1);
  });
});

describe('a released proxy', () => {
  it('fails, and its object is free there', async () => {
    const { Dog } = setup.services;
    const before = (await setup.host.sessions())[0]!.exports;
    const spot = await new Dog('Spot');
    release(spot);
    release(spot);
    await expect(spot.fetch('x')).rejects.toMatchObject({ code: 'ERR_DYNOBOT_RELEASED' });
    await expect(spot.title).rejects.toMatchObject({ code: 'ERR_DYNOBOT_RELEASED' });
    expect(() => spot.on('x', () => {})).toThrow(expect.objectContaining({ code: 'ERR_DYNOBOT_RELEASED' }) as Error);
    expect(() => spot.off('x', () => {})).not.toThrow();
    await eventually('exports', async () => (await setup.host.sessions())[0]!.exports, before);
    expect(() => release({})).toThrow(expect.objectContaining({ code: 'ERR_DYNOBOT_ARGUMENT' }) as Error);
  });

  it('is released by `using`', async () => {
    const { Dog, registry } = setup.services;
    const before = (await setup.host.sessions())[0]!.exports;
    {
      using spot = await new Dog('Spot');
      await using ace = await new Dog('Ace');
      const { list: [next] } = (await registry.makers()) as { list: [((n: number) => Promise<number>) & AsyncDisposable] };
      await using borrowed = next;
      expect([await spot.fetch('x'), await ace.fetch('y'), await borrowed(1)]).toEqual(['Spot fetches x', 'Ace fetches y', 2]);
    }
    await eventually('exports', async () => (await setup.host.sessions())[0]!.exports <= before + 1, true);
  });

  it('is not the last word: sent again, the object gets a new one', async () => {
    const { Dog, registry } = setup.services;
    const spot = await new Dog('Spot');
    await registry.keep('spot', spot);
    release(spot);
    const again = (await registry.kept('spot')) as typeof spot;
    expect(again).not.toBe(spot);
    expect(await again.fetch('x')).toBe('Spot fetches x');
    await registry.forget('spot');
  });
});
