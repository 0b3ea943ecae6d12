import { outsideMicrotasks } from './microtasks.js';
import { Player } from './player.js';
import { makeHost, relayNeeds, Tokens } from './services.js';
import { Stuck, World, type Host, type SimClient } from './world.js';

const TURNS = 60;
const MOST_CLIENTS = 6;

/** What is left of references in a run's open sessions when nobody needs anything: what is attached and kept, and no more. */
function checkReceipts(world: World, tokens: Tokens): void {
  for (const { end, peer, name } of world.clients) {
    if (peer.ended) continue;
    for (const token of end.exported.tokens()) {
      if (token !== 0 && !tokens.attached.has(token) && !tokens.kept.has(token)) world.problem(`${name}: the function ${token} is still held over there`);
    }
    for (const token of end.other.exported.tokens()) if (token !== 0) world.problem(`${name}: the thing ${token} is still held for it`);
  }
}

/** One run: a host, perhaps a relay, two or three clients that block, and others that come when these are cut off. */
class Run {
  readonly #world: World;
  readonly #tokens = new Tokens();
  readonly #players = new Map<SimClient, Player>();
  readonly #hosts: Host[] = [];
  #joined = 0;

  constructor(seed: number) {
    this.#world = new World(seed, TURNS, seed % 2 === 0);
  }

  play(): string[] {
    const world = this.#world;
    try {
      this.#hosts.push(makeHost(world, this.#tokens));
      if (world.dice.chance(0.6)) this.#relay();
      for (let n = world.dice.integer(2, 3); n > 0; n--) this.#join();
      world.act = (client) => this.#act(client);
      world.play();
      for (const player of this.#players.values()) player.dropAll();
      world.settle();
      checkReceipts(world, this.#tokens);
      world.close();
      const left = this.#hosts[0]!.listeners!();
      if (left > 0) world.problem(`${left} listeners are left when all have gone`);
    } catch (error) {
      world.problem(error instanceof Stuck ? error.message : String((error as Error).stack));
    }
    return world.problems;
  }

  #relay(): void {
    const relay = this.#world.relay(this.#hosts[0]!);
    relay.program.needs = relayNeeds(relay, this.#tokens);
    this.#hosts.push(relay);
  }

  /** Where one was cut off, another may come. */
  #act(client: SimClient): void {
    const gone = this.#world.clients.some(({ peer }) => peer.ended);
    if (gone && this.#joined < MOST_CLIENTS && this.#world.dice.chance(0.2)) this.#join();
    else this.#players.get(client)?.act();
  }

  #join(): void {
    const host = this.#world.dice.pick(this.#hosts.filter(({ upstream }) => upstream?.cutOff !== true))!;
    try {
      const client = this.#world.join(`c${this.#joined++}`, host);
      this.#players.set(client, new Player(this.#world, client, this.#tokens, this.#players));
    } catch (error) {
      if (this.#world.cuts === 0 || error instanceof Stuck) throw error;
    }
  }
}

/** Plays one run. The same seed is the same run. Resolves with what was wrong. */
export function playBlocking(seed: number): Promise<string[]> {
  return outsideMicrotasks(() => new Run(seed).play());
}
