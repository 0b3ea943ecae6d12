import type { Mutant } from './mutant.js';

/** Known bugs of waiting and serving. */
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
    search: 'if (own !== undefined || call === 0) return own;',
    replace: 'return own;',
  },
  {
    name: 'a third process that stands still waits for the call below',
    file: 'proxies/course.ts',
    search: 'this.session === session ? this.callOf(session) : -this.callOf(session)',
    replace: 'this.callOf(session)',
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
];
