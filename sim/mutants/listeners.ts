import type { Mutant } from './mutant.js';

const LEDGER = 'listeners/ledger.ts';
const EMITTER = 'listeners/emitter.ts';

/** Bugs in what is attached, and detached again. */
export const ofListeners: readonly Mutant[] = [
  {
    name: 'the ledger misses once',
    file: LEDGER,
    search: 'this.#attachments.add(attachment);',
    replace: 'if (!once) this.#attachments.add(attachment);',
  },
  {
    name: 'the ledger misses what is prepended',
    file: LEDGER,
    search: 'this.#attachments.add(attachment);',
    replace: 'if (!first) this.#attachments.add(attachment);',
  },
  {
    name: 'the end of a session detaches all but one',
    file: LEDGER,
    search: 'const all = [...this.#attachments];',
    replace: 'const all = [...this.#attachments].slice(1);',
  },
  {
    name: 'a listener is detached from another event',
    file: LEDGER,
    search: 'one.event === event && one.capture === capture && one.target.deref() === target',
    replace: 'one.capture === capture && one.target.deref() === target',
  },
  {
    name: 'a listener is detached from another emitter',
    file: LEDGER,
    search: 'one.event === event && one.capture === capture && one.target.deref() === target',
    replace: 'one.event === event && one.capture === capture',
  },
  {
    name: 'the first of several attachments is detached, not the last',
    file: LEDGER,
    search: '?.findLast(',
    replace: '?.find(',
  },
  {
    name: 'a function that others have attached is detached for one who has not',
    file: 'listeners/perform.ts',
    search: 'const detached = attachment === undefined ? undefined : ledger.detach(attachment);',
    replace: 'const detached = attachment === undefined ? (target as Methods)[method]!(...args) : ledger.detach(attachment);',
  },
  {
    name: 'what was prepended is found as if it had been appended',
    file: LEDGER,
    search: 'else if (first) known.unshift(attachment);',
    replace: '',
  },
  {
    name: 'a listener that hears once stays attached',
    file: LEDGER,
    search: '        detach();\n',
    replace: '',
  },
  {
    name: 'a listener that hears once is detached after it has heard',
    file: LEDGER,
    search: '        detach();\n        return send.apply(this, args);',
    replace: '        if (args.length > 3) detach();\n        else queueMicrotask(detach);\n        return send.apply(this, args);',
  },
  {
    name: 'all listeners of an event are removed for one who removes his',
    file: 'listeners/perform.ts',
    search: 'return detachAll(ledger, target, ...args.slice(0, 1));',
    replace: 'return detachAll(ledger, target);',
  },
  {
    name: 'listeners are not detached when their service is withdrawn',
    file: 'peer/peer.ts',
    search: 'this.ledger.detachFrom(service);',
    replace: '',
  },
  {
    name: 'what is to be prepended is appended',
    file: EMITTER,
    search: "return prepend ? 'prependListener' : 'on';",
    replace: "return 'on';",
  },
  {
    name: 'once is forgotten on the way to a third process',
    file: EMITTER,
    search: "if (once && referenceOf(target) !== undefined) return prepend ? 'prependOnceListener' : 'once';",
    replace: '',
  },
  {
    name: 'a listener of the own process is attached as it is',
    file: 'listeners/attachment.ts',
    search: 'return Object.assign(sending(listener, newcomers, failed, pace), { listener });',
    replace: 'return referenceOf(listener) === undefined ? listener : Object.assign(sending(listener, newcomers, failed, pace), { listener });',
  },
  {
    name: 'events come without their emitter',
    file: 'listeners/attachment.ts',
    search: 'else return session.cast(listener, OPERATION.apply, 0, args, receiver);',
    replace: 'else return session.cast(listener, OPERATION.apply, 0, args);',
  },
  {
    name: 'an event that cannot cross is thrown at who emits it',
    file: 'listeners/attachment.ts',
    search: "session.refused('an event', error);",
    replace: 'throw error;',
  },
  {
    name: 'a listener is detached that captures, for one that does not',
    file: LEDGER,
    search: 'one.event === event && one.capture === capture && one.target.deref() === target',
    replace: 'one.event === event && one.target.deref() === target',
  },
  {
    name: 'the limit of listeners stays raised',
    file: 'listeners/allowance.ts',
    search: 'if (allowance.raised !== allowance.base && maxListeners.get(target) === allowance.raised) maxListeners.set(target, allowance.base);',
    replace: '',
  },
  {
    name: 'events are not passed on to a third process',
    file: 'peer/callee.ts',
    search: 'if (relayed !== undefined) return this.#passOn(relayed, entry, request);',
    replace: 'if (relayed !== undefined) return;',
  },
];
