import type { Mutant } from './mutant.js';

const ROLE = 'roles/role.ts';
const DELIVERY = 'roles/delivery.ts';
const TURN = 'roles/turn.ts';
const MEMBER = 'roles/member.ts';
const SOURCES = 'roles/sources.ts';

/** Bugs in who has the turn in a role, and what becomes of its events. */
export const ofRoles: readonly Mutant[] = [
  {
    name: 'an event of a role goes to all its processes',
    file: DELIVERY,
    search: 'if (seat !== undefined) this.#give(event, seat);',
    replace: 'for (const each of seats) if (each.mayBeGiven) this.#give(event, each);',
  },
  {
    name: 'a process hears events before it has seen the state of the one before',
    file: TURN,
    search: "if (this.#stage === 'starting') this.#held.push(step);",
    replace: "if (this.#stage === 'staged') this.#held.push(step);",
  },
  {
    name: 'a process gets events before it is ready',
    file: 'roles/seat.ts',
    search: 'return this.heir === undefined;',
    replace: 'return true;',
  },
  {
    name: 'a process is not told that its turn is over',
    file: ROLE,
    search: "    member.post.step('retire', drain);\n",
    replace: '',
  },
  {
    name: 'what waits for a successor that dies is forgotten',
    file: ROLE,
    search: 'seat.heir = undefined;\n    this.#next(seat);\n  }\n\n  #vacate',
    replace: 'this.#next(seat);\n  }\n\n  #vacate',
  },
  {
    name: 'a state that comes late is given to another heir',
    file: ROLE,
    search: '|| seat.holder !== member || asked !== seat.asked) return;',
    replace: '|| seat.holder !== member) return;',
  },
  {
    name: 'with its last process a role forgets what it listens to',
    file: ROLE,
    search: "return stage === 'live' || this.#delivery.isVacant;",
    replace: 'return false;',
  },
  {
    name: 'a dropped event is not told to the next process',
    file: DELIVERY,
    search: 'this.untold.add(on, name, reason);',
    replace: "if (reason !== 'unheard') this.untold.add(on, name, reason);",
  },
  {
    name: 'what was parked and nobody listens to any more goes without a word',
    file: DELIVERY,
    search: "for (const event of parked) if (this.#listening(event.source).length === 0) this.drop(event, 'unheard');",
    replace: '',
  },
  {
    name: 'what a process has only begun counts as done',
    file: MEMBER,
    search: 'if (!open.has(++this.#taken)) this.#finished(this.#taken);',
    replace: 'this.#finished(++this.#taken);',
  },
  {
    name: 'a handler that goes on is not told of',
    file: 'roles/handling.ts',
    search: 'this.#begun.push(number);',
    replace: '',
  },
  {
    name: 'an event that has ended its process counts as done',
    file: 'roles/handling.ts',
    search: 'if (works.length > 0 || threw) this.#begin(number, works, threw);',
    replace: 'if (works.length > 0) this.#begin(number, works, threw);',
  },
  {
    name: 'a retired process does not finish what it has in hand',
    file: TURN,
    search: '      await this.#handling.idle();\n      await this.post.idle();\n    } while (waited.length > 0 || !this.#handling.isIdle);',
    replace: '    } while (waited.length > 0);',
  },
  {
    name: 'keys move while their process lives',
    file: 'roles/sharing.ts',
    search: 'known?.find((seat) => among.includes(seat)) ??',
    replace: 'known?.find((seat) => among.includes(seat) && seat.work === 0) ??',
  },
  {
    name: 'what waited for a process that died goes to nobody',
    file: DELIVERY,
    search: '    this.reclaim(seat.waiting.takeAll());\n',
    replace: '',
  },
  {
    name: 'parked events change places',
    file: 'roles/queue.ts',
    search: '[...events, ...this.#events].sort((a, b) => a.number - b.number)',
    replace: '[...events, ...this.#events].sort((a, b) => b.number - a.number)',
  },
  {
    name: 'what is parked changes with the object that it came from',
    file: DELIVERY,
    search: 'Object.assign(event, keepArguments(event.args), { kept: true })',
    replace: 'Object.assign(event, { bytes: keepArguments(event.args).bytes, kept: true })',
  },
  {
    name: 'a role removes once only from its record',
    file: 'roles/source.ts',
    search: 'for (const { once, attachment } of hearers) if (once) ledger.detach(attachment);',
    replace: '',
  },
  {
    name: 'a saved state outlives the one that was handed over',
    file: ROLE,
    search: '    this.#saved.delete(seat.instance);\n',
    replace: '',
  },
  {
    name: 'what a role has paused is not resumed',
    file: ROLE,
    search: '    this.#sources.resume();\n',
    replace: '',
  },
  {
    name: 'a role stays attached to what nobody listens to any more',
    file: SOURCES,
    search: 'if (!source.isHeard && !source.isKept) this.#drop(source);',
    replace: '',
  },
  {
    name: 'what a process had in hand is lost without a word',
    file: ROLE,
    search: "for (const event of lost) this.#delivery.drop(event, 'lost');",
    replace: 'if (lost.length > 0) return;',
  },
  {
    name: 'what a process had in hand is given again, though that was not declared',
    file: ROLE,
    search: "const isAgain = this.options.redelivery === 'at-least-once';",
    replace: 'const isAgain = true;',
  },
  {
    name: 'a role without a process is forgotten with what it holds',
    file: ROLE,
    search: 'this.#sources.size + this.#saved.size + parking.size + dropped.total === 0;',
    replace: 'this.#saved.size + dropped.total === 0;',
  },
];
