// Frames that no honest peer sends, and some that one might.

const WORDS = ['', '$', '__proto__', 'constructor', 'prototype', 'then', 'toJSON', 'toString', 'valueOf', '_hidden', '_secret', '@@asyncIterator', 'constructor.constructor', '__defineGetter__', 'caller', 'arguments', 'hasOwnProperty', '\u0000', '\ud800', 'emit', 'on', 'removeAllListeners', 'listeners', 'echo', 'add', 'balance', 'x'.repeat(300)];
const NUMBERS = [0, -1, 1, 2, 7, 0.5, -0.5, 1e308, -1e308, 2 ** 31, 2 ** 32, 2 ** 53, -(2 ** 53), 4294967295, 1e-320];
const TAGS = ['n', 'i', 'w', 'k', 'r', 'a', 'l', 'o', 'b', 'F', 'O', 'Y', 'H', 'Map', 'Set', 'Date', 'RegExp', 'Error', 'DOMException', 'DynobotError', 'Promise', 'AbortSignal', 'AsyncIterator', 'AsyncIteratorMethod', 'NodeStream', 'ReadableStream', 'WritableStream', 'TransformStream', 'View', 'Buffer', 'ArrayBuffer', 'URL', 'URLSearchParams', 'Boxed', 'Event', 'Unknown', '__proto__'];
const METHODS = ['echo', 'slow', 'keep', 'thing', 'things', 'fn', 'fail', 'data', 'stream', 'promise', 'numbers', 'use', 'hang'];

/** Makes frames for a session whose services have these ids. */
export class Hostile {
  #call = 0;
  #last = [];

  constructor(random, ids) {
    this.random = random;
    this.ids = ids;
    this.targets = Object.values(ids);
    this.generators = Object.entries(GENERATORS);
    this.bearable = this.generators.filter(([name]) => BEARABLE.has(name));
  }

  /** One frame, and the name of what has made it. */
  next() {
    // Most frames end their session: those that do not come more often, so that the others meet a session in every state.
    const [name, make] = this.random.pick(this.random.chance(0.8) ? this.bearable : this.generators);
    const frame = make(this);
    if (typeof frame === 'string') {
      this.#last.push(frame);
      if (this.#last.length > 8) this.#last.shift();
    }
    return [name, frame];
  }

  get seen() {
    return this.#last;
  }

  target() {
    return this.random.chance(0.95) ? this.random.pick(this.targets) : this.id();
  }

  id() {
    return this.random.chance(0.5) ? this.random.integer(-1, 40) : this.random.pick(NUMBERS);
  }

  value(depth = 0) {
    const { random } = this;
    const kind = random.integer(0, depth > 4 ? 3 : 8);
    if (kind === 0) return random.pick(NUMBERS);
    if (kind === 1) return random.pick(WORDS);
    if (kind === 2) return random.pick([null, true, false]);
    if (kind === 3) return random.next().toString(36);
    if (kind <= 5) return Array.from({ length: random.integer(0, 4) }, () => this.value(depth + 1));
    if (kind === 6) return Object.fromEntries(Array.from({ length: random.integer(0, 4) }, () => [random.pick(WORDS), this.value(depth + 1)]));
    return this.escape(depth);
  }

  escape(depth = 0) {
    const { random } = this;
    return ['$', random.pick(TAGS), ...Array.from({ length: random.integer(0, 4) }, () => (random.chance(0.4) ? this.id() : this.value(depth + 1)))];
  }

  /** A message as an honest client might send it. */
  honest() {
    const { random, ids } = this;
    const call = ++this.#call;
    return random.pick([
      () => [1, call, ids.work, 1, random.pick(METHODS), [random.integer(0, 9)], 0],
      () => [1, call, ids.work, 1, 'echo', [{ a: [1, { b: 'c' }], d: null }], 0],
      () => [1, call, ids.work, 1, 'keep', [['$', 'F', 100 + call, 1, 'f']], 1],
      () => [1, call, ids.work, 1, 'use', [['$', 'F', 100 + call], ['$', 'Map', 0, [1, ['$']]]], 1],
      () => [1, call, ids.work, 1, 'echo', [['$', 'Error', { classes: ['E'], base: 'Error', name: 'E', message: 'm', stack: 's' }, { code: 1 }]], 1],
      () => [1, call, ids.work, 1, 'echo', [['$', 'O', 200 + call, 1, { a: 1 }]], 1],
      () => [1, call, ids.work, 1, 'echo', [['$', 'H', random.pick(this.targets)]], 1],
      () => [1, 0, ids.emitter, 1, random.pick(['on', 'once', 'prependListener', 'off', 'removeListener']), [`e${random.integer(0, 3)}`, ['$', 'F', 100 + random.integer(0, 9)]], 1],
      () => [1, call, ids.emitter, 1, 'emit', [`e${random.integer(0, 3)}`, random.integer(0, 9)], 0],
      () => [1, call, ids.account, 2, 'balance', [], 0],
      () => [1, 0, ids.account, 3, 'balance', [random.integer(0, 9)], 0],
      () => [1, call, ids.Account, 4, 0, [], 0],
      () => [1, call, ids.fn, 0, 0, [], 0],
      () => [5, random.integer(1, Math.max(1, call))],
      () => [6, random.integer(1, 30), random.integer(1, 3), 1],
      () => [7, random.integer(1, 50), { parent: 0, name: 'C', base: '', methods: ['m'], accessors: [], listening: [], iterable: false }],
      () => [2, random.integer(1, 5), random.integer(0, 9), 0],
      () => [18, random.integer(1, 5), random.integer(1, 3)],
      () => [3, random.integer(1, 5), 'thrown', 0],
      () => [9],
      () => [14],
    ])();
  }

  mutate(value, depth = 0) {
    const { random } = this;
    if (random.chance(0.15)) return this.value();
    if (!Array.isArray(value)) return typeof value === 'object' && value !== null && depth < 20 ? Object.fromEntries(Object.entries(value).map(([key, part]) => [random.chance(0.1) ? random.pick(WORDS) : key, this.mutate(part, depth + 1)])) : value;
    const list = value.map((part) => (random.chance(0.4) && depth < 20 ? this.mutate(part, depth + 1) : part));
    if (random.chance(0.1)) list.splice(random.integer(0, list.length), random.integer(0, 2), this.value());
    return list;
  }
}

/** Hostile, but nothing that the protocol forbids. */
const BEARABLE = new Set(['odd arguments', 'odd calls', 'odd members', 'give and take', 'odd listeners', 'mutated data']);

const text = (...messages) => JSON.stringify(messages);
const repeated = (part, count) => part.repeat(count);

/** Data without escapes. */
function plain(hostile, depth = 0) {
  const { random } = hostile;
  if (depth > 2 || random.chance(0.4)) return random.pick([...NUMBERS, ...WORDS.slice(1), null, true]);
  if (random.chance(0.5)) return Array.from({ length: random.integer(0, 5) }, (_, i) => (i === 0 ? null : plain(hostile, depth + 1)));
  return Object.fromEntries(Array.from({ length: random.integer(0, 5) }, () => [random.pick(WORDS), plain(hostile, depth + 1)]));
}

const objects = ({ ids }) => [ids.work, ids.emitter, ids.thing, ids.account, ids.vault];
const PUBLIC = ['echo', 'slow', 'keep', 'drop', 'thing', 'fn', 'fail', 'data', 'stream', 'use', 'add', 'withdraw', 'balance', 'double', 'nothing', 'a.b', '', '$', '\u0000', '🙂', 'emit', 'eventNames', 'listenerCount', 'getMaxListeners', 'listeners', 'rawListeners', 'setMaxListeners', 'removeAllListeners'];

/** Each returns one frame. */
export const GENERATORS = {
  'odd arguments': (hostile) => text([1, hostile.random.integer(0, 99), hostile.random.pick(objects(hostile)), 1, hostile.random.pick(PUBLIC), Array.from({ length: hostile.random.integer(0, 4) }, () => plain(hostile)), 0]),
  'odd calls': (hostile) => text([1, hostile.random.integer(0, 5), hostile.random.pick([hostile.ids.fn, hostile.ids.Account]), hostile.random.pick([0, 4]), 0, [plain(hostile)], 0]),
  'odd members': (hostile) => text([1, hostile.random.integer(0, 99), hostile.random.pick(objects(hostile)), hostile.random.integer(1, 3), hostile.random.pick(PUBLIC), [plain(hostile)], 0]),
  'give and take': (hostile) => {
    const id = hostile.random.integer(1000, 1e6);
    return text([1, 0, hostile.ids.work, 1, 'use', [['$', 'F', id], plain(hostile), ['$', 'Set', 0, [['$', 'n', 'NaN']]]], 1], [5, hostile.random.integer(1, 99)], [9], [14]);
  },
  'odd listeners': (hostile) => text([1, 0, hostile.ids.emitter, 1, hostile.random.pick(['on', 'once', 'off', 'prependListener', 'removeListener', 'removeAllListeners']), [plain(hostile), ['$', 'F', hostile.random.integer(1000, 2000)], plain(hostile)], 1]),
  'mutated data': (hostile) => text([1, 1, hostile.ids.work, 1, 'echo', [plain(hostile), ['$', hostile.random.pick(['Error', 'Map', 'Set', 'Date']), 0, []]], 0]),
  'random bytes': ({ random }) => String.fromCharCode(...Array.from({ length: random.integer(0, 40) }, () => random.integer(0, 255))),
  'random attachments': ({ random }) => new Uint8Array(random.integer(0, 200)).fill(random.integer(0, 255)),
  'compact attachments': ({ random }) => {
    const codes = Array.from({ length: random.integer(0, 30) }, () => random.pick([0, 1, 2, 4, 5, 6, 7, 8, 9, 10, 16, 17, 18, 33, 40, 64, 65, 128, 200, 255]));
    const text = Array.from({ length: random.pick([0, 0, 5, 20]) }, () => 97);
    const piece = text.length === 0 ? [] : [2 * text.length + random.pick([0, 0, 1]), 0, 0, 0, ...text];
    return Uint8Array.of(codes.length + random.pick([0, 0, 0, 1, -1, 200]), 0, 0, 0, ...codes, ...piece);
  },
  series: (hostile) => text([17, hostile.target(), hostile.random.pick([0, 1, 3, 5, 9]), hostile.random.pick([0, 'balance', 'emit', 'echo', ...WORDS]), ...hostile.random.pick([[], [], [1, 1], [hostile.value()], [hostile.id(), hostile.id()]])]),
  'random values': (hostile) => text(hostile.value(), hostile.value()),
  'honest traffic': (hostile) => text(hostile.honest()),
  'mutated traffic': (hostile) => text(hostile.mutate(hostile.honest())),
  'mutated arguments': (hostile) => text([1, hostile.random.integer(0, 99), hostile.target(), 1, hostile.random.pick(METHODS), [hostile.value(), hostile.escape()], hostile.random.integer(0, 3)]),
  'one mutation late in a frame': (hostile) => text(hostile.honest(), hostile.honest(), hostile.honest(), hostile.mutate(hostile.honest())),
  truncated: (hostile) => {
    const whole = text(hostile.honest(), hostile.honest());
    return whole.slice(0, hostile.random.integer(0, whole.length));
  },
  replay: (hostile) => (hostile.seen.length === 0 ? '[]' : hostile.random.pick(hostile.seen)),
  'wrong state': (hostile) => text(hostile.random.pick([
    [0, 'dynobot', 1, { name: 'again', pid: 1, services: 0 }], [8, 'work', null], [8, 'mine', ['$', 'O', 3, 1, {}]], [11, 1, [1], [], 0], [12, 1, [1], [1]], [13, 'ready'], [13, 'x', 1, 0], [15, 5], [4, 'where', hostile.value(), 1], [10, hostile.random.pick(WORDS), 'bye'],
  ])),
  'wrong ids': (hostile) => text([1, hostile.id(), hostile.id(), hostile.random.integer(-1, 6), hostile.random.pick(WORDS), [], 0]),
  'names that never cross': (hostile) => text([1, 1, hostile.target(), hostile.random.integer(0, 5), hostile.random.pick(WORDS), [hostile.value()], 1]),
  deep: ({ random }) => {
    const depth = random.pick([10, 499, 501, 502, 5000]);
    return `[[1,1,1,1,"echo",${repeated(random.pick(['[', '{"a":[']), depth)}0,`;
  },
  'deep and whole': ({ random, ids }) => {
    const depth = random.pick([499, 501, 600, 3000]);
    return `[[1,1,${ids.work},1,"echo",[${repeated('[', depth)}${repeated(']', depth)}],${random.integer(0, 1)}]]`;
  },
  wide: ({ random, ids }) => `[[1,1,${ids.work},1,"echo",[[${repeated('[],', random.integer(0, 500))}1]],${random.integer(0, 1)}]]`,
  'huge numbers': ({ random, ids }) => `[[1,1,${ids.work},1,"echo",[${random.pick(['1e400', '-1e400', '1'.repeat(400), '0.'.padEnd(500, '1'), '["$","i","' + '9'.repeat(5000) + '"]', '["$","l",4294967295,[]]', '["$","l",999999,[["-1",1]]]'])}],1]]`,
  'colliding ids': ({ random, ids }) => {
    const id = random.pick([0, 1, 5, -1, 101, 2 ** 53]);
    return text([1, 1, ids.work, 1, 'keep', [['$', 'F', id, 0, 'f'], ['$', 'O', id, 1, {}], ['$', 'Y', id, 's'], ['$', 'F', id, 3, 'g']], 1], [6, id, 1, 1], [7, 1, { parent: 1, name: '', base: 'EventEmitter', methods: ['on', 'on'], accessors: ['on'], listening: [['on', 'this']], iterable: true }]);
  },
  'lies in counts': ({ random, ids }) => text([1, 1, ids.work, 1, 'echo', [['$', 'b', random.integer(-1, 9)]], random.pick([1, 2, 5, 1000, -1, 1.5, 2 ** 53])], [6, ids.work, random.pick([1, 2, 1e15, 0, -1, 0.5]), random.pick([0, -1, 2, 1e9, 0.5])], [18, random.pick([1, 1e15, -1]), random.pick([1, 2, 1e15, 0, -1, 0.5])], [6, ids.work]),
  'what stands in for something': (hostile) => text([1, 1, hostile.ids.work, 1, hostile.random.pick(['echo', 'use', 'keep']), [['$', hostile.random.pick(['Promise', 'AbortSignal', 'AsyncIterator', 'NodeStream', 'ReadableStream', 'WritableStream', 'AsyncIteratorMethod']), hostile.random.pick([
    ['$', 'H', hostile.id()], ['$', 'F', 300], ['$', 'O', 301, 1, {}], [['$', 'F', 302], false, 0], [['$', 'O', 303, 1, {}], true, hostile.value()],
    { remote: ['$', 'O', 304, 1, {}], readable: true, writable: true, encoding: null, readableObjectMode: true, writableObjectMode: false, readableHighWaterMark: 1e9, writableHighWaterMark: -1 },
  ])]], 1]),
  'errors that lie': (hostile) => text([hostile.random.pick([3, 4]), 1, ['$', hostile.random.pick(['Error', 'DOMException', 'DynobotError', 'AggregateError']), hostile.random.pick([
    { classes: hostile.value(), base: hostile.random.pick(WORDS), name: hostile.value(), message: hostile.value(), stack: hostile.value() }, ['__proto__', 'm', 's'], [5, {}, []],
  ]), { remoteStack: 5, name: 5, __proto__: { polluted: true }, cause: hostile.value() }], 1]),
  'objects that lie': ({ random, ids }) => `[[1,1,${ids.work},1,"echo",[${random.pick(['{"__proto__":{"polluted":1}}', '{"constructor":{"prototype":{"polluted":1}}}', '["$","o",[["__proto__",{"polluted":1}]]]', '["$","o",[["then",["$","F",9]],["toJSON",["$","F",9]],["toString",["$","F",9]]]]', '["$","o",[[["$","w","iterator"],["$","F",9]],[["$","w","toPrimitive"],["$","F",9]]]]', '["$","Map",0,["$","o",[[["$","w","iterator"],["$","F",9]]]]]'])}],1]]`,
};
