import { EventEmitter } from 'node:events';
import { byReference } from '../../src/values/marks.js';
import { Stuck, World, type SimClient } from './world.js';

type Fn = (...args: unknown[]) => unknown;

interface Hosted {
  emitter: EventEmitter & { tell(from: string, n: number): number };
  meeting: { keep(name: string, fn: Fn): void; ask(name: string, depth: number): unknown; each(fns: Fn[]): void };
}

class Teller extends EventEmitter {
  tell(from: string, n: number): number {
    this.emit('told', from, n);
    return n;
  }
}

function hosted(): Record<string, object> {
  const friends = new Map<string, Fn>();
  const emitter = new Teller().setMaxListeners(0);
  const meeting = byReference({
    keep: (name: string, fn: Fn) => void friends.set(name, fn),
    ask: (name: string, depth: number) => friends.get(name)!(depth),
    each: (fns: Fn[]) => fns.forEach((fn) => fn()),
  });
  return { emitter, meeting };
}

/** What one client has seen, against what it must see. */
class Player {
  readonly #heard = new Map<string, number>();
  #sent = 0;

  constructor(private readonly world: World, private readonly client: SimClient) {
    const { emitter, meeting } = this.#services;
    emitter.on('told', (from: string, n: number) => {
      const before = this.#heard.get(from);
      if (before !== undefined && n !== before + 1) this.#problem(`hears ${from} say ${n} after ${before}`);
      this.#heard.set(from, n);
    });
    meeting.keep(client.name, (depth) => (Number(depth) === 0 ? client.name : meeting.ask(this.#anybody(), Number(depth) - 1)));
  }

  get #services(): Hosted {
    return this.client.services as unknown as Hosted;
  }

  act(): void {
    const { dice } = this.world;
    const acts = [() => this.#tell(), () => this.#ask(), () => this.#each(), () => this.#throw(), () => this.#nest()];
    dice.pick(acts)!();
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
    const fns = [1, 2, 3].map((n) => () => {
      order.push(n);
      if (n === 2) this.#tell();
      order.push(-n);
    });
    this.#services.meeting.each(fns);
    if (String(order) !== '1,-1,2,-2,3,-3') this.#problem(`calls back in the order ${String(order)}`);
  }

  #throw(): void {
    const order: number[] = [];
    const error = new Error('mine');
    let caught: unknown;
    try {
      this.#services.meeting.each([() => order.push(1), () => { throw error; }, () => order.push(3)]);
    } catch (thrown) {
      caught = thrown;
    }
    if (caught !== error || String(order) !== '1') this.#problem(`catches ${String(caught)} after ${String(order)}`);
  }

  /** A listener of its own that emits again, and removes itself. */
  #nest(): void {
    const { emitter } = this.#services;
    const event = `own ${this.client.name}`;
    let depth = 0;
    const listener = (): void => {
      if (++depth < 3) emitter.emit(event);
      emitter.off(event, listener);
    };
    emitter.on(event, listener);
    emitter.emit(event);
    if (depth !== 3) this.#problem(`is ${depth} deep in its own event`);
    if (emitter.listenerCount(event) !== 0) this.#problem('has left a listener');
  }

  #anybody(): string {
    return this.world.dice.pick(this.world.clients)!.name;
  }

  #problem(text: string): void {
    this.world.problem(`${this.client.name} ${text}`);
  }
}

/** Plays one run. The same seed is the same run. Returns what was wrong. */
export function playBlocking(seed: number): string[] {
  const world = new World(seed, 40);
  try {
    const services = hosted();
    const clients = Array.from({ length: world.dice.integer(2, 3) }, (_, n) => world.join(`c${n}`, services));
    const players = new Map(clients.map((client) => [client, new Player(world, client)]));
    world.act = (client) => players.get(client)!.act();
    world.play();
    world.close();
  } catch (error) {
    world.problem(error instanceof Stuck ? error.message : String((error as Error).stack));
  }
  return world.problems;
}
