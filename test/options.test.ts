import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import { expect, it, onTestFinished } from 'vitest';
import { byCopy, byReference, connect, declareListeners, host, httpFallback, narrow } from '../src/index.js';

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

/** What must be thrown: the whole message says which function, which option, and what it may be. */
const saying = (message: string): unknown => expect.objectContaining({ ...refused, message });

it('says what an option may be', async () => {
  const roles = (job: object): object => ({ roles: { job } });
  const cases: [options: object, message: string][] = [
    [{ timeout: 'x' }, 'host(): the option timeout must be a number of milliseconds, 0 or more, not "x"'],
    [{ slowReader: 'drop' }, 'host(): the option slowReader must be \'disconnect\' or \'drop-oldest\' or \'pause\', not "drop"'],
    [{ limits: { frame: -1 } }, 'host(): the limit frame must be a number, 0 or more, not -1'],
    [{ limits: [] }, 'host(): the option limits must be an object, not []'],
    [roles({ policy: 'drop' }), 'host(), the role job: the option policy must be \'park\' or \'drop-oldest\' or \'latest\' or \'pause\', or an object that has one of them for each event\'s name, not "drop"'],
    [roles({ share: (event: unknown) => event }), 'host(), the role job: the option share must be an object whose function `by` tells the key from the arguments of an event: { by: (…) => key }, not a function'],
    [roles({ ahead: 0 }), 'host(), the role job: the option ahead must be a number, 1 or more, not 0'],
  ];
  for (const [options, message] of cases) await expect(host({}, options)).rejects.toEqual(saying(message));
  await expect(connect('nobody', { role: '' })).rejects.toEqual(saying('connect(): the option role must be a string of 1 to 256 characters, not ""'));
  await (await host({}, { roles: { job: { ahead: Infinity } } })).close();
});

it('close() refuses what is no deadline', async () => {
  const made = await host({});
  await expect(made.close({ deadline: -1 })).rejects.toEqual(saying('close(): the option deadline must be a number of milliseconds, 0 or more, not -1'));
  await expect(made.close({ deadlin: 1 } as object)).rejects.toEqual(saying('close() knows no option deadlin. It knows: deadline'));
  await made.close();
});

const ODD_PATHS = ['a..b', '.a', 'a.', '.', 'f()', 'channel().join', 'set*', 'a.**b'];
const PATH = "must be names with single dots between them, of which '*' and '**' alone stand for others, without '()'";

it('narrow() refuses what is no object, rules that are not known, and paths that cannot be', () => {
  const cases: [object: unknown, policy: unknown, message: string][] = [
    [5, {}, 'narrow(): what it narrows must be an object or a function, not 5'],
    [{}, undefined, 'narrow() takes an object with rules (allow, deny, readOnly, guard, open, inPlace), not undefined'],
    [{}, { denny: ['watts'], readOnly: true }, 'narrow() knows no rule denny. It knows: allow, deny, readOnly, guard, open, inPlace'],
    [{}, { guard: 'x' }, 'narrow(): the rule guard must be a function, not "x"'],
    [{}, { deny: 'a' }, 'narrow(): the rule deny must be an array of paths such as \'channel.join\' and of functions, or one function, not "a"'],
    [{}, { readOnly: 'a' }, 'narrow(): the rule readOnly must be true, false, an array of paths such as \'channel.join\' and of functions, or one function, not "a"'],
    [{}, { open: '_a' }, 'narrow(): the rule open must be an array of names, not "_a"'],
    [{}, { inPlace: [1] }, 'narrow(): the rule inPlace must be an array of names, not [1]'],
    ...ODD_PATHS.map((path): [object, object, string] => [{}, { deny: ['a', path] }, `narrow(): a path of deny ${PATH}, not ${JSON.stringify(path)}`]),
  ];
  for (const [object, policy, message] of cases) expect(() => narrow(object as object, policy as object)).toThrow(saying(message) as Error);
});

it('host() and publish() refuse paths that cannot be', async () => {
  const made = await host({});
  onTestFinished(() => made.close());
  for (const path of ODD_PATHS) {
    for (const rule of ['allow', 'deny', 'readOnly']) {
      const message = `the reach of a: a path of ${rule} ${PATH}, not ${JSON.stringify(path)}`;
      await expect(host({ a: {} }, { reach: { a: { [rule]: [path] } } })).rejects.toEqual(saying(`host(), ${message}`));
      expect(() => made.publish('a', {}, { [rule]: [path] })).toThrow(saying(`publish(), ${message}`) as Error);
    }
  }
  expect(() => made.publish('a', {}, { open: ['_a'] })).toThrow(saying('publish(), the reach of a knows no rule open. It knows: allow, deny, readOnly, guard') as Error);
  expect(made.inspect().services).toEqual([]);
});

it('any name that a member can have may be in a path', () => {
  for (const path of ['', '*', '**', '**.ban', 'a.*.b', '@@asyncIterator', 'content-type', 'a b', 'admin/reset', '/users', '(a)', 'ключ']) {
    for (const rule of ['allow', 'deny', 'readOnly']) narrow({}, { [rule]: [path, () => true] });
  }
});

it('declareListeners() refuses what attaches nothing', () => {
  class Store extends EventEmitter {
    subscribe(): void {}
  }
  const attach = 'declareListeners(): the option attach must be';
  const cases: [on: unknown, pairs: unknown[], message: string][] = [
    [5, [{ attach: 'a' }], 'declareListeners(): its first argument must be an object or a function, not 5'],
    [Store, [], "declareListeners(): the pairs of methods must be at least one: { attach: 'subscribe' }, not []"],
    [Store, ['subscribe'], 'declareListeners() takes an object with options (attach, detach, returns), not "subscribe"'],
    [Store, [{ atach: 'subscribe' }], 'declareListeners() knows no option atach. It knows: attach, detach, returns'],
    [Store, [{ attach: 5 }], `${attach} the name of a method, not 5`],
    [Store, [{ detach: 'subscribe' }], `${attach} the name of a method, not undefined`],
    [Store, [{ attach: 'subscribe', returns: 'that' }], 'declareListeners(): the option returns must be \'this\', not "that"'],
    [new Store(), [{ attach: 'watch' }], `${attach} a method that the object has, not "watch"`],
    [new Store(), [{ attach: 'subscribe', detach: 'unwatch' }], 'declareListeners(): the option detach must be a method that the object has, not "unwatch"'],
  ];
  for (const [on, pairs, message] of cases) expect(() => declareListeners(on as object, ...(pairs as never[]))).toThrow(saying(message) as Error);
  declareListeners(new Store(), { attach: 'subscribe', detach: 'removeListener' });
  // What its constructor gives to each object, a class does not have.
  declareListeners(class { subscribe = (): void => {}; }, { attach: 'subscribe' });
});

it('httpFallback(), byReference() and byCopy() refuse what they cannot be for', () => {
  const web = createServer();
  const cases: [act: () => unknown, message: string][] = [
    [() => httpFallback({} as never, {}), 'httpFallback(): the server must be a server of node:http or node:https, not {}'],
    [() => httpFallback(web, { unavailble: () => {} } as object), 'httpFallback() knows no answer unavailble. It knows: unavailable, badGateway'],
    [() => httpFallback(web, { unavailable: 5 } as never), 'httpFallback(): the answer unavailable must be a function, not 5'],
    [() => httpFallback(web, undefined as never), 'httpFallback() takes an object with answers (unavailable, badGateway), not undefined'],
    [() => byReference('x' as never), 'byReference(): its argument must be an object or a function, not "x"'],
    [() => byCopy(null as never), 'byCopy(): its argument must be an object or a function, not null'],
  ];
  for (const [act, message] of cases) expect(act).toThrow(saying(message) as Error);
  expect(httpFallback(web, { unavailable: () => {} })).toBe(web);
});

it('connect() refuses a place in no role, and says what leads to a host', async () => {
  const message = 'connect(): the option instance is a place in a role, and there is no role. Give the option role, too, or start the script with: dynobot run --role';
  for (const options of [{ instance: 3 }, { instance: '' }, { role: undefined, instance: 3 }]) await expect(connect('nobody', options)).rejects.toEqual(saying(message));
  const { DYNOBOT_ROLE: before } = process.env;
  onTestFinished(() => {
    if (before === undefined) delete process.env['DYNOBOT_ROLE'];
    else process.env['DYNOBOT_ROLE'] = before;
  });
  const noHost = { code: 'ERR_DYNOBOT_NO_HOST' };
  await expect(connect('nobody', { instance: undefined })).rejects.toMatchObject(noHost);
  process.env['DYNOBOT_ROLE'] = 'job';
  await expect(connect('nobody', { instance: 3 })).rejects.toMatchObject(noHost);
  for (const target of [5, null, {}]) {
    await expect(connect(target as never)).rejects.toMatchObject({ ...refused, message: expect.stringMatching(/^connect\(\) takes the name of a host or the path of its socket;/) as string });
  }
});

it('a host that is closed takes no service, and takes none back', async () => {
  const made = await host({ a: {} });
  await made.close();
  const closed = expect.objectContaining({ code: 'ERR_DYNOBOT_DISCONNECTED', message: 'the host is closed' }) as Error;
  expect(() => made.publish('b', {})).toThrow(closed);
  expect(() => made.publish('a', {})).toThrow(closed);
  expect(() => made.withdraw('a')).toThrow(closed);
  expect(() => made.withdraw('b')).toThrow(closed);
});
