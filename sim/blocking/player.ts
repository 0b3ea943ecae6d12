import type { DynobotError } from '../../src/errors.js';
import { release } from '../../src/proxies/operations.js';
import type { Fn, Hosted, Thing, Tokens } from './services.js';
import { Stuck, type SimClient, type World } from './world.js';

/** What one client does and has seen, against what it must see. */
export class Player {
  readonly #heard = new Map<string, number>();
  readonly #things = new Map<number, Thing>();
  readonly #uses = new Map<number, number>();
  readonly #calledBack: number[] = [];
  readonly #own: { fn: Fn; token: number }[];
  #known: number[] = [];
  /** Others can ask for it. */
  #isKept = false;
  #sent = 0;

  constructor(
    private readonly world: World,
    private readonly client: SimClient,
    private readonly tokens: Tokens,
    private readonly others: ReadonlyMap<SimClient, Player>,
  ) {
    client.program.needs = ({ token, value }) => token === 0 || this.#things.get(token) === value;
    this.#own = [1, 2].map((n) => tokens.name(() => void this.#calledBack.push(n)));
    this.#try(() => this.#begin());
  }

  get #services(): Hosted {
    return this.client.services as unknown as Hosted;
  }

  #begin(): void {
    const { emitter, meeting } = this.#services;
    const hear = this.tokens.name((from, n) => this.#hear(String(from), Number(n)));
    this.tokens.attached.add(hear.token);
    emitter.on('told', hear.fn);
    const answer = this.tokens.name((depth) => (Number(depth) === 0 ? this.client.name : meeting.ask(this.#anybody(), Number(depth) - 1)));
    this.tokens.kept.add(answer.token);
    meeting.keep(this.client.name, answer.fn);
    this.#isKept = true;
  }

  #hear(from: string, n: number): void {
    const before = this.#heard.get(from);
    if (before !== undefined && n !== before + 1) this.#problem(`hears ${from} say ${n} after ${before}`);
    this.#heard.set(from, n);
  }

  act(): void {
    if (!this.#isKept) return;
    const acts = [() => this.#tell(), () => this.#ask(), () => this.#each(), () => this.#throw(), () => this.#nest(), () => this.#again(), () => this.#take(), () => this.#take(), () => this.#give(), () => this.#drop()];
    this.#try(this.world.dice.pick(acts)!);
  }

  /** A call may fail because a pipe was cut: then at once, and for no other reason. */
  #try(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (error instanceof Stuck) throw error;
      const isOfACut = this.world.cuts > 0 && (error as DynobotError).code === 'ERR_DYNOBOT_DISCONNECTED';
      if (!isOfACut) this.#problem(`fails with ${String((error as Error).stack)}`);
    }
  }

  #tell(): void {
    const n = ++this.#sent;
    if (this.#services.emitter.tell(this.client.name, n) !== n) this.#problem('gets another number back');
    if ((this.#heard.get(this.client.name) ?? 0) < n) this.#problem(`has not heard itself say ${n} when tell returns`);
  }

  #ask(): void {
    const answer = this.#services.meeting.ask(this.#anybody(), this.world.dice.integer(0, 4));
    if (typeof answer !== 'string') this.#problem(`asks and is answered ${String(answer)}`);
  }

  #each(): void {
    const order: number[] = [];
    const fns = [1, 2, 3].map((n) => this.tokens.name(() => {
      order.push(n);
      if (n === 2) this.#tell();
      order.push(-n);
    }).fn);
    this.#services.meeting.each(fns);
    if (String(order) !== '1,-1,2,-2,3,-3') this.#problem(`calls back in the order ${String(order)}`);
  }

  /** The same functions again and again: they may be sent while the release of an earlier stand-in is under way. */
  #again(): void {
    this.#calledBack.length = 0;
    this.#services.meeting.each(this.#own.map(({ fn }) => fn));
    if (String(this.#calledBack) !== '1,2') this.#problem(`has had ${String(this.#calledBack)} of its functions called`);
  }

  #throw(): void {
    const order: number[] = [];
    const error = new Error('mine');
    let caught: unknown;
    const fns: Fn[] = [() => order.push(1), () => { throw error; }, () => order.push(3)];
    try {
      this.#services.meeting.each(fns.map((fn) => this.tokens.name(fn).fn));
    } catch (thrown) {
      caught = thrown;
    }
    if (caught !== error && !this.client.peer.ended && this.world.cuts === 0) this.#problem(`catches ${String(caught)}`);
    if (order.includes(3)) this.#problem(`goes on after a throw: ${String(order)}`);
  }

  /** A listener of its own that emits again, and removes itself. */
  #nest(): void {
    const { emitter } = this.#services;
    const event = `own ${this.client.name}`;
    let depth = 0;
    const listener = this.tokens.name(() => {
      if (++depth < 3) emitter.emit(event);
      emitter.off(event, listener.fn);
    });
    this.tokens.attached.add(listener.token);
    emitter.on(event, listener.fn);
    emitter.emit(event);
    this.tokens.attached.delete(listener.token);
    if (depth !== 3) this.#problem(`is ${depth} deep in its own event`);
    if (emitter.listenerCount(event) !== 0) this.#problem('has left a listener');
  }

  // Things

  /** Gets a new thing, or one that it has had, and may still have. */
  #take(): void {
    const { things } = this.#services;
    const known = this.world.dice.chance(0.6) ? this.world.dice.pick(this.#known) : undefined;
    const thing = known === undefined ? things.make() : things.again(known);
    const { token } = thing;
    if (known !== undefined && token !== known) return this.#problem(`asks for ${known} and gets ${token}`);
    const had = this.#things.get(token);
    if (had !== undefined && had !== thing) this.#problem(`gets another stand-in for ${token}, which it has`);
    this.#things.set(token, thing);
    if (known === undefined) this.#known.push(token);
    this.#use(thing, token);
  }

  #use(thing: Thing, token: number): void {
    const uses = thing.use();
    if (uses <= (this.#uses.get(token) ?? 0)) this.#problem(`uses ${token}, and it is another one: ${uses}`);
    this.#uses.set(token, uses);
  }

  /** Hands one back: over there it is the original. */
  #give(): void {
    const [token, thing] = this.world.dice.pick([...this.#things]) ?? [];
    if (token !== undefined && !this.#services.things.is(thing!, token)) this.#problem(`gives ${token} back, and it is another one`);
  }

  #drop(): void {
    const [token, thing] = this.world.dice.pick([...this.#things]) ?? [];
    if (token === undefined) return;
    this.#things.delete(token);
    if (!this.world.dice.chance(0.3)) return;
    this.client.program.heap.released(thing!);
    release(thing!);
  }

  /** Needs nothing any more. */
  dropAll(): void {
    this.#things.clear();
  }

  #anybody(): string {
    const kept = [...this.others.values()].filter((player) => player.#isKept && !player.client.peer.ended);
    return (this.world.dice.pick(kept) ?? this).client.name;
  }

  #problem(text: string): void {
    this.world.problem(`${this.client.name} ${text}`);
  }
}
