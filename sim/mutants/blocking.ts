import type { Mutant } from './mutant.js';

/** Known bugs of waiting and serving, of relays, and of what cuts and collections meet in clients that block. */
export const ofBlocking: readonly Mutant[] = [
  {
    name: 'what belongs to an outer call is served inside an inner one',
    file: 'sync/levels.ts',
    search: 'this.#all.find((level) => level.call === course)',
    replace: 'this.#all.at(-1)',
  },
  {
    name: 'nobody is served who stands still for another call than ours',
    file: 'sync/levels.ts',
    search: 'return course !== undefined && call !== 0 && !(',
    replace: 'return course !== undefined && call < 0 && !(',
  },
  {
    name: 'a third process that stands still waits for the call below',
    file: 'proxies/course.ts',
    search: 'if (at.blocksOn) sign = -1;',
    replace: '',
  },
  {
    name: 'what belongs to a call runs on after it has thrown',
    file: 'sync/session.ts',
    search: 'if (isOwn && level.thrown !== undefined) return this.peer.dismiss(incoming);',
    replace: '',
  },
  {
    name: 'a call returns before what belongs to it has run',
    file: 'sync/session.ts',
    search: 'if (next !== undefined) {\n      this.#serve(level, next);',
    replace: 'if (next !== undefined && level.outcome === undefined) {\n      this.#serve(level, next);',
  },
  {
    name: 'events of a call in progress are put aside',
    file: 'peer/caller.ts',
    search: 'if ((currentCourse()?.callOf(this) ?? 0) > 0) return this.#askInner(',
    replace: 'if (false) return this.#askInner(',
  },
  {
    name: 'a client that stands still does not say so to whom it calls',
    file: 'peer/caller.ts',
    search: 'return -course.callOf(this);',
    replace: 'return course.callOf(this);',
  },
  // Relays
  {
    name: 'what a relay passes on counts as if the relay stood still',
    file: 'peer/inner-callee.ts',
    search: 'calls.courseOf(Math.abs(course)), course <= 0)',
    replace: 'calls.courseOf(Math.abs(course)), true)',
  },
  {
    name: 'what comes back through a relay belongs to no call',
    file: 'peer/inner-callee.ts',
    search: 'calls.courseOf(Math.abs(course))',
    replace: 'undefined',
  },
  {
    name: 'a relay answers with a promise of what it has asked for',
    file: 'peer/inner-callee.ts',
    search: 'if (outcome === undefined) this.#answer(',
    replace: 'if (true) this.#answer(',
  },
  // Cuts
  {
    name: 'a call goes on waiting when the session has ended',
    file: 'peer/calls.ts',
    search: 'settle(new Thrown(error()));',
    replace: 'void [error, settle];',
  },
  {
    name: 'listeners stay when a client is cut off',
    file: 'peer/peer.ts',
    search: 'listeners: this.ledger.detachAll(),',
    replace: 'listeners: 0,',
  },
  {
    name: 'a piece of a frame is taken for the whole',
    file: 'transports/frames.ts',
    search: 'if (newline === -1) return end;',
    replace: 'if (newline === -1 && chunk.length < 40) return end;',
  },
  {
    name: 'the rest of a frame that came in pieces replaces its beginning',
    file: 'transports/gathering.ts',
    search: 'this.#bytes.set(piece, this.#length);',
    replace: 'this.#bytes.set(piece, 0);',
  },
  // Collections
  {
    name: 'the receipt of a stand-in that is known is not counted',
    file: 'peer/imports.ts',
    search: 'if (proxy !== undefined) known.receipts++;',
    replace: '',
  },
  {
    name: 'the finalizer of a collected stand-in deletes the newer reference',
    file: 'peer/imports.ts',
    search: 'if (this.#byId.get(reference.id) === reference) this.#byId.delete(reference.id);',
    replace: 'this.#byId.delete(reference.id);',
  },
  {
    name: 'any release frees, whatever it counts',
    file: 'peer/exports.ts',
    search: 'entry.held -= count;\n    if (entry.held === 0) this.#drop(entry);',
    replace: 'entry.held -= count;\n    this.#drop(entry);',
  },
  {
    name: 'a stand-in that was collected gives nothing back',
    file: 'peer/imports.ts',
    search: 'this.giveBack(reference.id, receipts);',
    replace: 'void receipts;',
  },
];
