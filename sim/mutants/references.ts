import type { Mutant } from './mutant.js';

const EXPORTS = 'peer/exports.ts';
const IMPORTS = 'peer/imports.ts';
const REFERENCES = 'peer/references.ts';

/** Bugs in who holds what, and for how long. */
export const ofReferences: readonly Mutant[] = [
  {
    name: 'a release counts one too many',
    file: EXPORTS,
    search: 'entry.held -= count;',
    replace: 'entry.held -= Math.min(entry.held, count + 1);',
  },
  {
    name: 'a release counts one too few',
    file: EXPORTS,
    search: 'entry.held -= count;',
    replace: 'entry.held -= Math.max(1, count - 1);',
  },
  {
    name: 'any release frees, whatever it counts',
    file: EXPORTS,
    search: 'entry.held -= count;\n    if (entry.held === 0) this.#drop(entry);',
    replace: 'entry.held -= count;\n    this.#drop(entry);',
  },
  {
    name: 'a value that was freed keeps its old number',
    file: EXPORTS,
    search: 'this.#byValue.delete(entry);',
    replace: '',
  },
  {
    name: 'numbers are used again',
    file: EXPORTS,
    search: 'new Export(++this.#lastId, value)',
    replace: 'new Export(this.#byId.size + 1, value)',
  },
  {
    name: 'exports stay when the session ends',
    file: EXPORTS,
    search: 'for (const entry of all) this.#drop(entry);',
    replace: 'for (const entry of all.slice(1)) this.#drop(entry);',
  },
  {
    name: 'the receipt of a value that is known is not counted',
    file: IMPORTS,
    search: 'if (proxy !== undefined) known.receipts++;',
    replace: '',
  },
  {
    name: 'a release gives back the receipts of the newer reference of the same number',
    file: IMPORTS,
    search: 'const { receipts } = reference;',
    replace: 'const { receipts } = this.#byId.get(reference.id) ?? reference;',
  },
  {
    name: 'the finalizer of a collected proxy deletes the newer reference',
    file: IMPORTS,
    search: 'if (this.#byId.get(reference.id) === reference) this.#byId.delete(reference.id);',
    replace: 'this.#byId.delete(reference.id);',
  },
  {
    name: 'a collected proxy comes back with the next mention',
    file: IMPORTS,
    search: 'reference.proxy = this.#watched(proxy, reference);',
    replace: 'this.#watched(proxy, reference);\n    reference.proxy = { deref: () => proxy };',
  },
  {
    name: 'a proxy that was released is released again when it is collected',
    file: IMPORTS,
    search: 'if (reference.released) return;',
    replace: 'if (reference.released) return this.giveBack(reference.id, 1);',
  },
  {
    name: 'imports stay when the session ends',
    file: IMPORTS,
    search: 'this.#byId.clear();',
    replace: '',
  },
  {
    name: 'a second collection waits in vain, the dead are not counted down',
    file: IMPORTS,
    search: 'if (this.#byId.get(reference.id) !== reference) this.#dead--;',
    replace: '',
  },
  {
    name: 'the proxy of another session is sent home',
    file: REFERENCES,
    search: 'if (own !== undefined && this.#isOurs(own)) return home(own);',
    replace: 'if (own !== undefined) return home(own);',
  },
  {
    name: 'a proxy that goes home is exported instead',
    file: REFERENCES,
    search: 'if (own !== undefined && this.#isOurs(own)) return home(own);',
    replace: '',
  },
  {
    name: 'what could not be sent stays exported',
    file: REFERENCES,
    search: 'for (const entry of unsent.receipts) this.tables.exports.giveUp(entry);',
    replace: ';',
  },
  {
    name: 'a function that was sent in the short way is not counted',
    file: 'peer/short-functions.ts',
    search: 'entry.held++;\n    this.#marked',
    replace: 'entry.held = 1;\n    this.#marked',
  },
  {
    name: 'what could not be sent is counted',
    file: REFERENCES,
    search: 'draft.receipts.push(entry);',
    replace: 'entry.held++;',
  },
  {
    name: 'a value that is mentioned twice in a message counts once',
    file: REFERENCES,
    search: 'draft.receipts.push(entry);',
    replace: 'if (!draft.receipts.includes(entry)) draft.receipts.push(entry);',
  },
  {
    name: 'the object that an event is sent with is not counted',
    file: REFERENCES,
    search: 'entry.held++;\n    return (entry.closing',
    replace: 'return (entry.closing',
  },
  {
    name: 'a function found in two objects belongs to the last',
    file: EXPORTS,
    search: 'this.#container = this.#container === undefined ? container : null;',
    replace: 'this.#container = container;',
  },
  {
    name: 'releases that are not in a row overwrite each other',
    file: 'peer/releases.ts',
    search: 'this.#end();\n      this.#next',
    replace: 'this.#next',
  },
  {
    name: 'releases in a row are taken for as many receipts as the first',
    file: 'peer/releases.ts',
    search: ' && receipts === this.#receipts',
    replace: '',
  },
  {
    name: 'releases go before the messages that refer to the value',
    file: 'peer/outbox.ts',
    search: "this.#text += (this.#text === '' ? '' : ',') + JSON.stringify(released);",
    replace: "this.#text = JSON.stringify(released) + (this.#text === '' ? '' : ',' + this.#text);",
  },
  {
    name: 'the session forgets which shapes it has described',
    file: 'peer/shapes.ts',
    search: 'this.#ids.set(shape, id);',
    replace: 'if (id < 2) this.#ids.set(shape, id);',
  },
  {
    name: 'references bear the number of another shape',
    file: REFERENCES,
    search: '[ESCAPE, TAG.instance, entry.id, this.tables.sentShapes.id(entry.shape!), this.#snapshot(entry, value)]',
    replace: '[ESCAPE, TAG.instance, entry.id, (this.tables.sentShapes.id(entry.shape!), 1), this.#snapshot(entry, value)]',
  },
];
