import type { End } from '../network/end.js';
import type { Program } from '../program/program.js';
import type { Thing } from '../program/things.js';
import { Attachment, type How } from './attachment.js';
import type { Emission } from './emission.js';
import type { Hearer, ListenOp, Op } from './op.js';

const ATTACHING = new Map<string, Omit<How, 'capture'>>([
  ['on', { once: false, prepend: false }],
  ['addListener', { once: false, prepend: false }],
  ['once', { once: true, prepend: false }],
  ['prependListener', { once: false, prepend: true }],
  ['prependOnceListener', { once: true, prepend: true }],
]);

/**
 * What becomes of calls, listeners and events, by the rules and not by the code: who is attached where, what each program
 * on the way passes on, and so what every session must carry, in order.
 */
export class Traffic {
  /** A message has come to the peer at `end`. */
  arrived(end: End, op: Op): void {
    if (op.kind === 'call') this.#called(end, op);
    else if (op.kind === 'listen') this.#listen(end, op);
    else this.#event(end, op);
  }

  #called({ program, withdrawn }: End, op: Extract<Op, { kind: 'call' }>): void {
    const { call } = op;
    if (call.to.home !== program) return void program.toward(call.to.home).expect(op);
    if (withdrawn.has(call.to.token)) return void call.excuses.add('ERR_DYNOBOT_NO_SERVICE');
    call.stage = 'arrived';
    if (call.how === 'get') program.reads.push(call);
  }

  // Listeners

  #listen(end: End, op: ListenOp): void {
    const { emitter, event, listener, capture = false } = op;
    if (end.withdrawn.has(emitter.token)) return;
    if (listener === undefined) return this.detachFrom(end, emitter, event);
    const how = howTo(op);
    const attachment = end.roster.find(emitter, event!, listener, capture);
    // An event target has each listener once.
    if (how !== undefined && attachment !== undefined && emitter.kind === 'target') return;
    if (how !== undefined) return this.#attach(new Attachment(emitter, event!, listener, end, how));
    // What others have attached is not this session's to detach.
    if (attachment !== undefined) this.#detach(attachment);
  }

  #attach(attachment: Attachment): void {
    const { end, emitter, event, how } = attachment;
    end.roster.add(attachment);
    if (emitter.home === end.program) emitter.listeners!.add(attachment);
    else forward(end.program, { kind: 'listen', method: methodFor(attachment), emitter, event, listener: attachment, once: how.once, capture: how.capture });
  }

  #detach(attachment: Attachment): void {
    const { end, emitter, event, how } = attachment;
    if (!end.roster.remove(attachment)) return;
    if (emitter.home === end.program) emitter.listeners!.remove(attachment);
    else forward(end.program, { kind: 'listen', method: removalOf(emitter), emitter, event, listener: attachment, capture: how.capture });
  }

  /** The session at `end` gives up all that it has attached to an emitter, the latest first. */
  detachFrom(end: End, emitter: Thing, event?: string): void {
    for (const attachment of latestFirst(end.roster.of(emitter, event))) this.#detach(attachment);
  }

  ended(end: End): void {
    for (const attachment of latestFirst(end.roster.all())) this.#detach(attachment);
  }

  // Events

  /** An event is emitted. Those that hear it once are detached before anybody hears of it. */
  emitted(emission: Emission): void {
    const { emitter, event } = emission;
    for (const attachment of emitter.listeners!.of(emitter, event)) this.#hear(attachment, emission);
  }

  #event({ program, withdrawn }: End, op: Extract<Op, { kind: 'event' }>): void {
    if (!(op.to instanceof Attachment) && op.to.home === program && withdrawn.has(op.to.token)) return;
    if (op.to instanceof Attachment) this.#hear(op.to, op.emission);
    else this.#pass(program, op.emission, op.to);
  }

  #hear(attachment: Attachment, emission: Emission): void {
    if (attachment.how.once) {
      if (attachment.spent) return;
      attachment.spent = true;
      this.#detach(attachment);
    }
    this.#pass(attachment.end.program, emission, attachment.listener);
  }

  #pass(program: Program, emission: Emission, to: Hearer): void {
    if (!(to instanceof Attachment) && to.home === program) return void program.hears.push({ emission, listener: to });
    if (emission.spoilt) return;
    if (to instanceof Attachment) program.next(to.end.program).expect({ kind: 'event', emission, to });
    else program.toward(to.home).expect({ kind: 'event', emission, to });
  }
}

function howTo({ method, once = false, capture = false }: ListenOp): How | undefined {
  if (method === 'addEventListener') return { once, capture, prepend: false };
  const how = ATTACHING.get(method);
  return how && { ...how, capture };
}

/** By what a program on the way attaches to the emitter itself. */
function methodFor({ emitter, how }: Attachment): string {
  if (emitter.kind === 'target') return 'addEventListener';
  for (const [method, other] of ATTACHING) if (other.once === how.once && other.prepend === how.prepend) return method;
  throw new Error('there is a method for each way of attaching');
}

function removalOf(emitter: Thing): string {
  return emitter.kind === 'target' ? 'removeEventListener' : 'removeListener';
}

function forward(program: Program, op: ListenOp): void {
  program.toward(op.emitter.home).expect(op);
}

function latestFirst(attachments: readonly Attachment[]): Attachment[] {
  return [...attachments].sort((a, b) => b.serial - a.serial);
}
