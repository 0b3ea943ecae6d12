import { originalOf } from '../listeners/attachment.js';
import { Course, inCourse } from '../proxies/course.js';
import { outcomeMeant, Thrown, type Outcome } from '../proxies/outcome.js';
import { referenceOf } from '../proxies/reference.js';
import { OPERATION } from '../wire.js';
import { isPending } from './answers.js';
import { isListener, type CalleeParts } from './callee.js';
import type { Calls } from './calls.js';
import type { Export } from './exports.js';
import { perform, type Request } from './perform.js';
import { Relay, relayedBy } from './relay.js';
import { wayFrom, type Way } from './way.js';
import type { References } from './references.js';

interface Parts extends CalleeParts {
  readonly session: object;
  readonly calls: Calls;
  readonly references: References;
}

/** Carries out the calls for whose answer somebody stands still. They are answered at once: a promise is answered as one. */
export class InnerCallee {
  constructor(private readonly parts: Parts) {}

  /** What a listener of this process's own throws is its own uncaught error. */
  call(call: number, course: number, entry: Export, request: Request): void {
    const thrown = this.try(call, course, entry, request);
    if (thrown !== undefined && isOwnListener(entry)) this.parts.uncaught(thrown.error);
  }

  /** The same; returns what was thrown at once, besides answering it. */
  try(call: number, course: number, entry: Export, request: Request): Thrown | undefined {
    const { session, calls, rate, around, references } = this.parts;
    const way = entry.way && wayFrom(entry, request.name);
    try {
      rate.count();
      let relay: Relay | undefined;
      const result = inCourse(new Course(session, call, calls.courseOf(Math.abs(course)), course <= 0), () => {
        relay = this.#relay(entry, request);
        return relay === undefined ? perform(entry, request, around, references) : relay.answer;
      });
      const outcome = outcomeMeant(result);
      if (outcome === undefined) this.#answer(call, request, result, way);
      else this.#answerLater(call, request, outcome, way, relay?.giveUp);
      return undefined;
    } catch (error) {
      this.#throw(call, error, way);
      return new Thrown(error);
    }
  }

  /** What is itself a stand-in is asked in the third process, in the same way. What is attached to it is in our ledger, too. */
  #relay(entry: Export, request: Request): Relay | undefined {
    const to = relayedBy(entry, request);
    if (to === undefined) return undefined;
    this.parts.around.gate.pass(entry, request);
    return new Relay(to, request);
  }

  #answer(call: number, { operation, args }: Request, value: unknown, way: Way | undefined): void {
    const { references, exports, sender } = this.parts;
    if (operation === OPERATION.extend && typeof value === 'object' && value !== null) references.extended(value, args[0]);
    if (call <= 0) return;
    try {
      exports.handOut(way, value, (given) => sender.answer(call, isPending(given) ? Promise.resolve(given) : given));
    } catch (error) {
      this.#throw(call, error, way);
    }
  }

  #throw(call: number, error: unknown, way: Way | undefined): void {
    const { exports, sender } = this.parts;
    if (call > 0) exports.handOut(way, error, (given) => sender.throw(call, given));
  }

  /** The call is elsewhere, and answered when it is there. */
  #answerLater(call: number, request: Request, outcome: Outcome, way: Way | undefined, giveUp: (() => void) | undefined): void {
    const { answers } = this.parts;
    outcome.isAnswer = true;
    if (call > 0) answers.open(call, giveUp);
    outcome.tell((value) => {
      if (call > 0 && !answers.close(call)) return;
      if (value instanceof Thrown) this.#throw(call, value.error, way);
      else this.#answer(call, request, value, way);
    });
  }
}

/** One that this process has attached itself, not for another. */
function isOwnListener(entry: Export): boolean {
  return isListener(entry) && referenceOf(entry.value) === undefined && originalOf(entry.value) === undefined;
}
