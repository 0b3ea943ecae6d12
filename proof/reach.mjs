// npm run proof:reach: every name there is, by every operation, on every sort of value: what answers and was not declared?
import { EventEmitter } from 'node:events';
import { host } from 'dynobot';
import { Account, makeServices, Thing } from './processes/services.mjs';
import { prove } from './lib/proof.mjs';
import { watchWorld } from './lib/world.mjs';

const OPERATIONS = { apply: 0, method: 1, get: 2, set: 3, construct: 4, notify: 5, has: 6, delete: 7, ownKeys: 8, property: 9, define: 10, extend: 11, unknown: 12 };
const GREETING = '[[0,"dynobot",1,{"name":"reach","pid":1,"services":0}]]';

/** A session by hand, without a transport between: what it is sent, it answers in the same turn. */
class Line {
  name = 'line';
  buffered = 0;
  over = false;
  heard = [];

  constructor(hosted) {
    hosted.attach(this);
    this.receiver.frame(GREETING);
    this.ids = Object.fromEntries(this.heard.filter(([verb]) => verb === 8).map(([, name, reference]) => [name, reference[2]]));
  }

  open(receiver) {
    this.receiver = receiver;
  }

  send(frame) {
    if (typeof frame === 'string') this.heard.push(...JSON.parse(frame));
  }

  close() {
    if (this.over) return;
    this.over = true;
    queueMicrotask(() => this.receiver.closed());
  }

  destroy() {
    this.close();
  }

  ref() {}

  unref() {}

  say(...messages) {
    if (!this.over) this.receiver.frame(JSON.stringify(messages));
  }

  /** The answer to a call: what it returned, `thrown`, or undefined if the session has ended. */
  async call(message, call) {
    this.heard.length = 0;
    this.say(message);
    for (let turns = 0; turns < 20; turns++) {
      const answer = this.heard.find(([verb, id]) => (verb === 2 || verb === 3) && id === call);
      if (answer !== undefined) return answer[0] === 2 ? { value: answer[2], escapes: answer[3] } : { thrown: answer[2] };
      if (this.over) return undefined;
      await (turns < 3 ? undefined : new Promise(setImmediate));
    }
    return { pending: true };
  }
}

/** All names of all that is built in. */
function everyName() {
  const names = new Set();
  const seen = new Set();
  const look = (value, depth) => {
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value) || depth > 6) return;
    seen.add(value);
    for (const key of Reflect.ownKeys(value)) {
      names.add(typeof key === 'symbol' ? String(key) : key);
      if (typeof key === 'symbol') names.add(`@@${key.description?.replace('Symbol.', '')}`);
      let part;
      try {
        part = value === globalThis ? value[key] : Object.getOwnPropertyDescriptor(value, key)?.value;
      } catch {
        continue;
      }
      look(part, depth + 1);
    }
    look(Object.getPrototypeOf(value), depth + 1);
  };
  look(globalThis, 0);
  look(EventEmitter.prototype, 0);
  for (const name of ['constructor.constructor', '__proto__.polluted', 'prototype.polluted', '__proto__', 'then', 'toJSON', '_hidden', '_secret', '_events', 'a.constructor', '']) names.add(name);
  return [...names];
}

/** What is declared of a value: its public properties and those of its classes, none of Object's or Function's. */
function declared(value) {
  const names = new Set();
  const roots = [Object.prototype, Function.prototype];
  for (let at = value; at !== null && !roots.includes(at); at = Object.getPrototypeOf(at)) for (const name of Object.getOwnPropertyNames(at)) names.add(name);
  const never = new Set([...Object.getOwnPropertyNames(Object.prototype), 'then', 'toJSON', 'constructor', 'prototype', '__proto__', 'caller', 'arguments']);
  if (typeof value === 'function') for (const name of ['name', 'length', 'call', 'apply', 'bind', 'toString']) never.add(name);
  for (const name of [...names]) if (name.startsWith('_') || never.has(name)) names.delete(name);
  return names;
}

function fuzzedName(random, names) {
  const steps = Array.from({ length: random.integer(1, 4) }, () => (random.chance(0.8) ? random.pick(names) : String.fromCodePoint(random.integer(1, 0xffff))));
  return steps.join(random.pick(['.', '.', '', '[', '\u0000', '/', '._']));
}

await prove('reach', async ({ short, random, figures }) => {
  const world = watchWorld();
  const { services } = makeServices();
  const hosted = await host({ ...services, hidden: new Account(), deeper: new Account() }, {
    reach: { hidden: { allow: ['label'] }, deeper: { deny: ['**'] } },
    limits: { heartbeat: 0 },
  });
  hosted.on('error', () => {});
  /** Values that are asked: services, and what they hand out. */
  const targets = {
    work: ['work', services.work], emitter: ['emitter', services.emitter], thing: ['thing', services.thing], account: ['account', services.account], Account: ['Account', Account],
    fn: ['fn', services.fn], vault: ['vault', new Thing(), new Set(['label', 'add'])], hidden: ['hidden', new Thing(), new Set(['label'])], deeper: ['deeper', new Thing(), new Set()],
    made: ['work', new Thing(), undefined, 'thing'], handed: ['work', () => {}, undefined, 'fn'], stream: ['work', {}, new Set(['read', 'write', 'end', 'destroy', 'closed']), 'endless'], promise: ['work', {}, new Set(['settled']), 'promise'], iterator: ['work', {}, new Set(['next', 'return', 'throw']), 'numbers'],
  };
  let line = new Line(hosted);
  let calls = 0;
  let sessions = 1;

  /** The id of a target in the present session; a new one if that has ended. */
  async function idOf([service, , , method]) {
    if (line.over) {
      await new Promise(setImmediate);
      line = new Line(hosted);
      sessions++;
    }
    if (method === undefined) return line.ids[service];
    line[`made ${method}`] ??= await line.call([1, ++calls, line.ids[service], 1, method, [3], 0], calls).then(({ value }) => /\["\$","[FO]",(\d+)/.exec(JSON.stringify(value))?.[1]).then(Number);
    return line[`made ${method}`];
  }

  const found = [];
  const tried = {};
  /** Properties that were added from outside. */
  const made = {};
  async function attempt(title, target, operation, name, args = []) {
    const id = await idOf(target);
    const [, value, only] = target;
    const isFunctions = ['apply', 'construct', 'notify'].includes(operation) && typeof value === 'function';
    const isDeclared = isFunctions || (only ?? declared(value)).has(name) || (name === '@@asyncIterator' && (Symbol.asyncIterator in value || Symbol.iterator in value));
    tried[title] = (tried[title] ?? 0) + 1;
    const isNew = !(name in value);
    const answer = await line.call([1, ++calls, id, OPERATIONS[operation], operation === 'ownKeys' ? 0 : name, args, 0], calls);
    if (answer === undefined || answer.thrown !== undefined) return;
    if (operation === 'ownKeys') {
      const listed = Array.isArray(answer.value) ? answer.value.map(([own]) => own) : [];
      const wrong = listed.filter((own) => !(only ?? declared(value)).has(own) && !made[title]?.has(own));
      if (wrong.length > 0) found.push(`ownKeys of ${title}: ${wrong.slice(0, 5).join()}`);
      return;
    }
    if (isDeclared) return;
    // A new property is the client's own, to make and to delete. Reading what is not there gives undefined.
    const own = (made[title] ??= new Set());
    if (['set', 'define', 'delete'].includes(operation) && (isNew || own.has(name)) && !name.startsWith('_')) return void own.add(name);
    if (operation === 'has' && own.has(name)) return;
    if (['get', 'property'].includes(operation) && answer.value === undefined) return;
    if (operation === 'has' && answer.value === false) return;
    found.push(`${operation} ${JSON.stringify(name)} of ${title}: ${JSON.stringify(answer).slice(0, 80)}`);
  }

  const names = everyName();
  const every = short ? names.filter((_, i) => i % 25 === 0 || i > names.length - 12) : names;
  const ops = ['get', 'set', 'method', 'has', 'delete', 'ownKeys', 'property', 'define', 'unknown'];
  for (const [title, target] of Object.entries(targets)) {
    for (const name of every) for (const operation of ops) await attempt(title, target, operation, name);
    for (const operation of ['apply', 'construct', 'notify']) for (const name of [...every.slice(0, 20), 'constructor']) await attempt(title, target, operation, name);
  }
  const paths = short ? 3_000 : 100_000;
  const all = Object.entries(targets);
  for (let i = 0; i < paths; i++) {
    const [title, target] = random.pick(all);
    await attempt(title, target, random.pick(ops), fuzzedName(random, names));
  }

  // Escapes that are known of the peers, each by its name.
  const known = { 'constructor.constructor': 0, '__proto__ write': 0, 'error name lookup': 0, toJSON: 0, 'extended to escape': 0, 'method taken': 0, 'method replaced': 0, 'carrier that is none': 0 };
  const closes = async (title, messages) => {
    await idOf(['work']);
    for (const message of messages(line.ids)) line.say(message);
    await new Promise(setImmediate);
    if (!line.over) known[title]++;
  };
  await closes('constructor.constructor', ({ work }) => [[1, 1, work, 2, 'constructor.constructor', [], 0]]);
  await closes('constructor.constructor', ({ work }) => [[1, 1, work, 1, 'constructor', [], 0]]);
  await closes('__proto__ write', ({ work }) => [[1, 1, work, 3, '__proto__', [{ polluted: 1 }], 0]]);
  await closes('__proto__ write', ({ work }) => [[1, 1, work, 3, '__proto__.polluted', [1], 0]]);
  await closes('error name lookup', ({ work }) => [[1, 1, work, 1, 'echo', [['$', 'Error', { classes: ['__proto__'], base: 'constructor', name: 'x', message: {}, stack: '' }]], 1]]);
  for (const carried of [['Promise', (id) => ['$', 'H', id]], ['AbortSignal', (id) => [['$', 'H', id], false, 0]], ['AsyncIterator', (id) => ['$', 'H', id]]]) {
    await closes('carrier that is none', ({ work, vault }) => [[1, 1, work, 1, 'echo', [['$', carried[0], carried[1](vault)]], 1]]);
  }
  // Received values must not run code by being looked at: whatever we call of a peer's, it would hear of.
  const looked = [];
  await idOf(['work']);
  const bait = ['$', 'o', ['then', 'toJSON', 'toString', 'valueOf', 'nodeify', 'inspect'].map((name, i) => [name, ['$', 'F', 9000 + i]]).concat(['iterator', 'asyncIterator', 'toPrimitive', 'hasInstance', 'dispose'].map((name, i) => [['$', 'w', name], ['$', 'F', 9100 + i]]))];
  for (const message of [[1, 1, line.ids.work, 1, 'echo', [bait], 1], [1, 2, line.ids.work, 1, 'keep', [bait, ['$', 'Map', 0, [bait, bait]]], 1], [1, 3, line.ids.emitter, 1, 'on', [bait, ['$', 'F', 9999], bait], 1], [1, 0, line.ids.account, 3, 'note', [bait], 1], [4, 'x', bait, 1], [1, 4, line.ids.emitter, 1, 'emit', ['x', bait], 1]]) {
    line.heard.length = 0;
    line.say(message);
    for (let i = 0; i < 5; i++) await new Promise(setImmediate);
    looked.push(...line.heard.filter(([verb, , target]) => verb === 1 && target >= 9000));
  }
  await idOf(['work']);
  for (const service of ['vault', 'hidden', 'deeper']) {
    const extended = await line.call([1, ++calls, line.ids[service], OPERATIONS.extend, 0, [1, false, {}], 0], calls);
    const id = Number(/\["\$","O",(\d+)/.exec(JSON.stringify(extended?.value ?? ''))?.[1]);
    if (extended === undefined || Number.isNaN(id)) continue;
    const escaped = await line.call([1, ++calls, id, OPERATIONS.method, 'withdraw', [1], 0], calls);
    if (escaped?.thrown === undefined) known['extended to escape']++;
  }
  const taken = await line.call([1, ++calls, line.ids.emitter, 2, 'on', [], 0], calls);
  if (taken?.thrown === undefined) known['method taken']++;
  const replaced = await line.call([1, ++calls, line.ids.emitter, 3, 'emit', [1], 0], calls);
  if (replaced?.thrown === undefined || typeof services.emitter.emit !== 'function') known['method replaced']++;
  const { changed, uncaught, unhandled, first } = world();
  const attempts = Object.values(tried).reduce((sum, count) => sum + count, 0);
  figures.figure('attempts', attempts);
  figures.figure('names', names.length);
  figures.figure('paths', paths);
  figures.figure('sorts', all.length);
  figures.figure('sessions', sessions);
  figures.zero('reachableNotDeclared', found.length, found.slice(0, 5).join(' | '));
  figures.zero('knownEscapes', Object.values(known).reduce((sum, count) => sum + count, 0), JSON.stringify(known));
  figures.zero('ranByLooking', looked.length, JSON.stringify(looked.slice(0, 3)));
  figures.zero('polluted', Object.prototype.polluted === undefined ? 0 : 1);
  figures.zero('prototypesChanged', changed);
  figures.zero('uncaught', uncaught + unhandled, first);
  await hosted.close({ deadline: 0 });
});
