import { disconnected } from '../../src/errors.js';
import type { DynobotError } from '../../src/errors.js';
import type { PeerOwner } from '../../src/peer/owner.js';
import { Peer } from '../../src/peer/peer.js';
import { BlockingSession } from '../../src/sync/session.js';
import { Dice } from '../dice.js';
import { runMicrotasks } from './microtasks.js';
import { PipeEnd } from './pipe.js';
import { Program } from './program.js';

/** Nobody can go on any more. */
export class Stuck extends Error {}

type Services = Record<string, object>;

/** A program that offers services, its own or another's. */
export interface Host {
  readonly program: Program;
  readonly services: Services;
  /** Where a relay has its services from. */
  readonly upstream: PipeEnd | undefined;
  /** How many listeners its own emitters have. */
  readonly listeners?: () => number;
}

/** A client that blocks, in the one thread of the simulation. */
export interface SimClient {
  readonly name: string;
  readonly program: Program;
  readonly peer: Peer;
  readonly session: BlockingSession;
  readonly services: Record<string, unknown>;
  readonly host: Host;
  readonly end: PipeEnd;
  /** What its event loop has to do. */
  readonly later: (() => void)[];
  /** How often it has waited for more after its session's end. */
  looks: number;
}

/** How deep clients act on top of each other, and how much may be cut in a run. */
const DEPTH = 5;
const CUTS = 3;
const MOST_LOOKS = 100;

/**
 * Hosts, relays, and clients that block. While one stands still, the dice let everything else go on, on top of its stack:
 * bytes arrive in pieces, turns end, others act and stand still themselves, stand-ins are collected, pipes are cut.
 */
export class World {
  readonly dice: Dice;
  readonly problems: string[] = [];
  readonly clients: SimClient[] = [];
  /** What a client does when the dice give it a turn. */
  act: (client: SimClient) => void = () => {};
  /** A pipe has been cut, and things fail for that. */
  cuts = 0;
  readonly #programs: Program[] = [];
  readonly #peers: Peer[] = [];
  readonly #ends: PipeEnd[] = [];
  #depth = 0;
  #turns: number;
  #isClosing = false;

  constructor(seed: number, turns: number, private readonly mayCut: boolean) {
    this.dice = new Dice(seed);
    this.#turns = turns;
  }

  problem(text: string): void {
    this.problems.push(text);
  }

  program(name: string): Program {
    const program = new Program(name, this.dice, (text) => this.problem(text));
    this.#programs.push(program);
    return program;
  }

  /** A process that hosts again what it got from `host`. It awaits; nobody stands still in it. */
  relay(host: Host): Host {
    const program = this.program('relay');
    const [here] = this.#pipe(program, host);
    const services: Services = {};
    const peer = this.#peer(here, services, false);
    peer.open({ name: program.name, pid: 0, services: 0 }, []);
    this.#until(() => Object.keys(services).length === Object.keys(host.services).length, 'the relay connects');
    return { program, services, upstream: here };
  }

  /** A client that blocks. Throws ERR_DYNOBOT_DISCONNECTED if its pipe is cut before it is there. */
  join(name: string, host: Host): SimClient {
    const program = this.program(name);
    const [here] = this.#pipe(program, host);
    const services: Record<string, unknown> = {};
    const later: (() => void)[] = [];
    let session!: BlockingSession;
    const peer = this.#peer(here, services as Services, true, (own) => (session = new BlockingSession(own, {
      take: () => this.#goOnFor(client),
      now: () => 0,
      later: (task) => void later.push(task),
      afterTurn: (task) => void later.push(task),
    }, 0)));
    const client: SimClient = { name, program, peer, session, services, host, end: here, later, looks: 0 };
    peer.open({ name, pid: 0, services: 0 }, []);
    peer.flush();
    this.#until(() => peer.ended || Object.keys(services).length === Object.keys(host.services).length, `${name} connects`);
    if (peer.ended) throw disconnected('it was cut off while it connected');
    this.clients.push(client);
    return client;
  }

  #pipe(program: Program, host: Host): [PipeEnd, PipeEnd] {
    const ends = PipeEnd.pair(this.dice, [program.name, program], [host.program.name, host.program]);
    this.#ends.push(...ends);
    const peer = this.#peer(ends[1], {}, true);
    peer.open({ name: host.program.name, pid: 0, services: Object.keys(host.services).length }, Object.entries(host.services));
    return ends;
  }

  #peer(end: PipeEnd, services: Services, mayIgnoreAnswers: boolean, blocking?: (peer: Peer) => BlockingSession): Peer {
    const peer = new Peer(end, this.#owner(end, services), { ...end.program.options(end, mayIgnoreAnswers), ...(blocking && { blocking }) });
    this.#peers.push(peer);
    return peer;
  }

  /** Gives turns until all are taken and nothing is on its way. */
  play(): void {
    while (this.#turns > 0 || this.#step()) if (this.#turns > 0) this.#turn();
  }

  /** Collects all that is not needed, and gives everything back. */
  settle(): void {
    this.#turns = 0;
    for (let rounds = 0; rounds < 10; rounds++) {
      for (const program of this.#programs) {
        program.rest();
        program.collect(true);
        for (const finalize of program.heap.finalizers.splice(0)) finalize();
      }
      while (this.#step());
    }
  }

  close(): void {
    this.#isClosing = true;
    for (const peer of this.#peers) peer.end();
    while (this.#step());
    for (const peer of this.#peers) {
      for (const [table, size] of Object.entries(peer.tables)) if (size !== 0) this.problem(`${peer.label}: ${size} ${table} are left`);
    }
  }

  #turn(): void {
    const idle = this.clients.filter(({ session, peer }) => !session.standsStill && !peer.ended);
    if (this.#depth < DEPTH && idle.length > 0 && this.dice.chance(0.2)) {
      this.#turns--;
      this.#depth++;
      const client = this.dice.pick(idle)!;
      this.act(client);
      if (!client.peer.ended) client.peer.flush();
      this.#rested(client);
      this.#depth--;
      runMicrotasks();
    } else if (this.mayCut && this.cuts < CUTS && this.dice.chance(0.004)) {
      this.#cut();
    } else if (!this.#step()) {
      this.#turns--;
    }
  }

  #cut(): void {
    const open = this.#ends.filter((end) => !end.over && !end.cutOff);
    this.cuts++;
    this.dice.pick(open)?.cut();
  }

  /** A client's turn is over: nothing that it had in hand is waited for any more. */
  #rested({ session, later, program }: SimClient): void {
    if (!session.standsStill && later.length === 0) program.rest();
  }

  #until(done: () => boolean, what: string): void {
    while (!done()) if (!this.#step() && !done()) throw new Stuck(`while ${what}`);
  }

  /** Lets anything happen until a frame has come for the client, or it is cut off. */
  #goOnFor(client: SimClient): boolean {
    const { delivered } = client.end;
    if (client.peer.ended && client.looks++ > MOST_LOOKS) throw new Stuck(`${client.name} stands still although it was cut off`);
    for (let idle = 0; ;) {
      if (client.end.delivered > delivered || client.peer.ended) return true;
      const before = this.#turns;
      if (this.#turns > 0 && this.dice.chance(0.3)) this.#turn();
      idle = this.#step() || this.#turns < before ? 0 : idle + 1;
      if (idle > 50) throw new Stuck(`${client.name} stands still for ever`);
      if (client.session.goOn()) return true;
    }
  }

  /** One thing happens. Returns whether there was anything to do that leads on. */
  #step(): boolean {
    const can: (() => void)[] = [];
    for (const end of this.#ends) if (end.canDeliver) can.push(() => this.#deliver(end));
    for (const program of this.#programs) if (program.flushes.length > 0) can.push(() => program.endTurn());
    for (const { session, later } of this.clients) {
      if (session.standsStill) can.push(() => void session.goOn());
      else if (later.length > 0) can.push(() => later.shift()!());
    }
    const leadsOn = this.#ends.some((end) => end.canDeliver) || this.#programs.some(({ flushes }) => flushes.length > 0) || this.clients.some(({ session, later }) => !session.standsStill && later.length > 0);
    if (this.dice.chance(0.1)) this.#collect();
    this.dice.pick(can)?.();
    runMicrotasks();
    return leadsOn;
  }

  /** Garbage is collected in some process, or something that was collected earlier is finalized. */
  #collect(): void {
    const program = this.dice.pick(this.#programs)!;
    const { finalizers } = program.heap;
    if (finalizers.length > 0 && this.dice.chance(0.5)) finalizers.splice(this.dice.integer(0, finalizers.length - 1), 1)[0]!();
    else program.collect();
  }

  #deliver(end: PipeEnd): void {
    end.deliver();
    const client = this.clients.find((one) => one.end === end);
    if (client === undefined) return this.clients.every(({ program }) => program !== end.program) ? end.program.rest() : undefined;
    if (client.session.standsStill) return;
    client.session.serve();
    this.#rested(client);
  }

  /** A session may end because its pipe was cut, or because all is over; for no other reason. */
  #owner(end: PipeEnd, services: Services): PeerOwner {
    return {
      greeted: () => {},
      service: (name, proxy) => void (services[name] = proxy!),
      failed: (error, where) => this.#mustBeOfACut(error, `${end.name}: ${where}`),
      ended: (reason) => {
        if (!this.#isClosing && !end.cutOff) this.problem(`${end.name} ended: ${reason?.stack}`);
        else if (reason !== undefined) this.#mustBeOfACut(reason, end.name);
      },
    };
  }

  #mustBeOfACut(error: unknown, what: string): void {
    if (!(this.cuts > 0 && (error as DynobotError).code === 'ERR_DYNOBOT_DISCONNECTED')) this.problem(`${what}: ${String((error as Error).stack)}`);
  }
}
