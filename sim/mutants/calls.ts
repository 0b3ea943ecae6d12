import type { Mutant } from './mutant.js';

const CALLS = 'peer/calls.ts';
const CALLEE = 'peer/callee.ts';
const OUTBOX = 'peer/outbox.ts';
const SERIES = 'peer/series.ts';

/** Bugs in what is asked, answered and told, and in what order. */
export const ofCalls: readonly Mutant[] = [
  {
    name: 'messages of one frame change places',
    file: OUTBOX,
    search: "this.#text === '' ? message : `${this.#text},${message}`",
    replace: "this.#text === '' ? message : `${message},${this.#text}`",
  },
  {
    name: 'an answer settles the latest call',
    file: CALLS,
    search: 'const settle = this.#pending.get(call);\n    if (settle === undefined) throw',
    replace: 'const settle = this.#pending.get(call) && [...this.#pending.values()].at(-1);\n    if (settle === undefined) throw',
  },
  {
    name: 'a call that is given up frees its place at once',
    file: CALLS,
    search: 'this.#pending.set(call, nothing);',
    replace: 'this.#pending.delete(call);',
  },
  {
    name: 'calls stay pending when the session ends',
    file: CALLS,
    search: 'for (const settle of all) settle(new Thrown(error()));',
    replace: 'for (const settle of all) if (all.length === 1) settle(new Thrown(error()));',
  },
  {
    name: 'a call that the other side gave up is answered twice',
    file: CALLEE,
    search: 'if (this.#answers.close(call)) answer();',
    replace: 'this.#answers.close(call);\n    answer();',
  },
  {
    name: 'a rejected promise is never answered',
    file: CALLEE,
    search: '(error: unknown) => this.#settle(call, () => this.#throw(call, error, way)),',
    replace: '() => this.#answers.close(call),',
  },
  {
    name: 'the place of a finished call is not freed',
    file: 'peer/answers.ts',
    search: 'this.#open.delete(call)',
    replace: 'this.#open.has(call)',
  },
  {
    name: 'the answers under way are forgotten to clear',
    file: 'peer/answers.ts',
    search: 'this.#open.clear();',
    replace: '',
  },
  {
    name: 'whatever function throws at an event ends its process',
    file: CALLEE,
    search: '!withdrawn && (listens || referenceOf(value) !== undefined)',
    replace: '!withdrawn',
  },
  {
    name: 'attachments are taken from the wrong end',
    file: 'peer/inbox.ts',
    search: 'this.#attachments.splice(0, count)',
    replace: 'this.#attachments.splice(1 - escapes)',
  },
  {
    name: 'attachments are numbered from one',
    file: 'values/unpacker.ts',
    search: 'const bytes = this.#attachments[n];',
    replace: 'const bytes = this.#attachments[n + 1] ?? this.#attachments[n];',
  },
  {
    name: 'what a message holds twice arrives as two',
    file: 'values/unpacker.ts',
    search: 'if (value === undefined) throw protocolError(\'a value refers to one that is not there\');\n    return value;',
    replace: 'if (value === undefined) throw protocolError(\'a value refers to one that is not there\');\n    return Array.isArray(value) ? [...value] : value;',
  },
  {
    name: 'a header that is split is misread',
    file: 'transports/frames.ts',
    search: 'if (this.#headerBytes > 0) this.#announced += byte * 256 ** (this.#headerBytes - 1);',
    replace: 'if (this.#headerBytes > 0 && at > 0) this.#announced += byte * 256 ** (this.#headerBytes - 1);',
  },
  {
    name: 'a newline at the end of a chunk is lost',
    file: 'transports/frames.ts',
    search: 'const newline = chunk.indexOf(NEWLINE, at);',
    replace: 'const newline = chunk.indexOf(NEWLINE, at) === chunk.length - 1 && chunk.length < 3 ? -1 : chunk.indexOf(NEWLINE, at);',
  },
  {
    name: 'what is said after a series overtakes it',
    file: OUTBOX,
    search: 'this.finish();\n    if (this.#closed) return;',
    replace: 'if (this.#closed) return;',
  },
  {
    name: 'a series takes in the event for another listener',
    file: SERIES,
    search: 'this.#to === to && ',
    replace: '',
  },
  {
    name: 'the events of a series that is too short count for one receipt of their emitter',
    file: SERIES,
    search: 'i === 0 ? this.#closing : this.references.closing(this.#receiver)!',
    replace: 'this.#closing',
  },
  {
    name: 'a series forgets those that were gathered first',
    file: SERIES,
    search: 'this.#gathered.splice(0)) this.#encoder',
    replace: 'this.#gathered.splice(0).slice(1)) this.#encoder',
  },
  {
    name: 'an answer without a value is taken for one to the next call',
    file: 'peer/returns.ts',
    search: ' || call !== this.#first + this.#count',
    replace: '',
  },
  {
    name: 'the session goes on after the other side ended it',
    file: 'peer/peer.ts',
    search: "this.end(reason, 'told');",
    replace: 'void reason;',
  },
  {
    name: 'a service that was withdrawn can still be called',
    file: 'peer/perform.ts',
    search: 'if (entry.withdrawn) throw',
    replace: 'if (entry.withdrawn && args.length === 0) throw',
  },
];
