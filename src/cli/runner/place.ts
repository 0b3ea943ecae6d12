import { setTimeout as pause } from 'node:timers/promises';
import type { HandoverNews } from '../../roles/news.js';
import { Backoff } from './backoff.js';
import type { Exit, Failure } from './failure.js';
import type { News, Run } from './news.js';
import type { ScriptProcess } from './script-process.js';

/** What a place needs of the script that it is a place of. */
export interface PlaceOwner {
  readonly script: string;
  readonly isWatching: boolean;
  /**
   * Begins a process of the present version.
   *
   * @throws DynobotError if there is no host for it
   */
  begin(instance: number | undefined): Promise<ScriptProcess>;
  /** What its host says of the turn that a process has got. */
  handoverTo(pid: number): Promise<HandoverNews | undefined>;
  tell(news: News): void;
  /** Nothing runs in the place, and nothing will until the script is saved. */
  idle(place: Place, exitCode: number): void;
}

interface Occupant extends Run {
  readonly process: ScriptProcess;
}

/** EX_UNAVAILABLE of sysexits.h. */
const NO_HOST = 69;

/** Where one process of a script runs, at a time: who is there, and who is to follow. When its process crashes it is filled again. */
export class Place {
  #version = 0;
  #holder: Occupant | undefined;
  #heir: Occupant | undefined;
  readonly #processes = new Set<ScriptProcess>();
  readonly #backoff = new Backoff();
  /** Of what is done for the present version: aborted when there is another. */
  #present = new AbortController();

  constructor(
    private readonly owner: PlaceOwner,
    readonly instance: number | undefined,
  ) {}

  /** Runs a version: it takes the place of whoever is there when it is ready. Returns whether it is. */
  fill(version: number): Promise<boolean> {
    this.#version = version;
    this.#backoff.reset();
    return this.#begin(this.#callOff());
  }

  /** All that runs here finishes what it has in hand, and goes. */
  async stop(): Promise<void> {
    this.#callOff();
    this.#present.abort();
    if (this.#holder !== undefined) this.#retire(this.#holder);
    for (const process of this.#processes) process.retire();
    await Promise.all([...this.#processes].map(({ exited }) => exited));
  }

  kill(): void {
    for (const process of this.#processes) process.kill();
  }

  signal(signal: NodeJS.Signals): void {
    for (const process of this.#processes) process.signal(signal);
  }

  /** Whoever is on the way may have got its turn at this very moment: it is not killed, but sent away. */
  #callOff(): AbortSignal {
    this.#present.abort();
    this.#present = new AbortController();
    this.#heir?.process.retire();
    this.#heir = undefined;
    return this.#present.signal;
  }

  async #begin(signal: AbortSignal): Promise<boolean> {
    const heir = await this.#occupant(signal);
    if (heir === undefined) return false;
    const failure = await heir.process.started;
    if (this.#heir === heir) this.#heir = undefined;
    if (failure === undefined) return this.#takeOver(heir);
    return signal.aborted ? false : this.#failed(heir, failure, signal);
  }

  async #occupant(signal: AbortSignal): Promise<Occupant | undefined> {
    const version = this.#version;
    let process: ScriptProcess;
    try {
      process = await this.owner.begin(this.instance);
    } catch {
      if (!signal.aborted) this.owner.idle(this, NO_HOST);
      return undefined;
    }
    this.#processes.add(process);
    void process.exited.then(() => this.#processes.delete(process));
    const occupant = { script: this.owner.script, version, instance: this.instance, pid: process.pid, process };
    if (signal.aborted) process.retire();
    else this.#heir = occupant;
    return occupant;
  }

  /** A process that was called off may have got its turn before it heard of that: it is the holder, until it has gone. */
  async #takeOver(heir: Occupant): Promise<boolean> {
    const from = this.#holder;
    if (from !== undefined && from.version > heir.version) return false;
    this.#holder = heir;
    void heir.process.exited.then((exit) => this.#left(heir, exit));
    if (from !== undefined) this.#retire(from);
    const { process } = heir;
    const after = performance.now() - process.began;
    const handover = process.hasRole ? await this.owner.handoverTo(process.pid) : undefined;
    this.owner.tell({ kind: 'live', run: heir, after, from, handover });
    return true;
  }

  #retire({ process, ...run }: Occupant): void {
    const since = performance.now();
    process.retire();
    void process.exited.then(() => this.owner.tell({ kind: 'retired', run, after: performance.now() - since, killed: process.wasKilled }));
  }

  async #failed(heir: Occupant, failure: Failure, signal: AbortSignal): Promise<boolean> {
    if (this.#holder?.process.hasExited === true) this.#holder = undefined;
    this.owner.tell({ kind: 'failed', run: heir, failure, goesOn: this.#holder });
    if (this.#holder !== undefined) return false;
    if (failure.isFinal) return this.#giveUp(0);
    return this.#again(heir, signal);
  }

  #left(who: Occupant, exit: Exit): void {
    if (this.#holder !== who) return;
    const { process } = who;
    // It was the one on the way who has its turn, as a rule, and will say so.
    if (process.hasLostTurn && this.#heir !== undefined) return;
    this.#holder = undefined;
    if (process.isRetiring) return;
    const after = performance.now() - process.began;
    if (process.hasLostTurn) return this.#over({ kind: 'ousted', run: who, watching: this.owner.isWatching }, 0);
    if (exit.code === 0 && !process.hasRole) return this.#over({ kind: 'ended', run: who, code: 0, watching: this.owner.isWatching }, 0);
    this.owner.tell({ kind: 'crashed', run: who, after, failure: process.failure(exit) });
    // If another version is on its way already, that is who takes the place.
    if (this.#heir === undefined) void this.#again(who, this.#present.signal);
  }

  #over(news: News, exitCode: number): void {
    this.owner.tell(news);
    this.owner.idle(this, exitCode);
  }

  async #again({ process }: Occupant, signal: AbortSignal): Promise<boolean> {
    const wait = this.#backoff.crashed(performance.now() - process.began);
    if (wait === undefined) return this.#giveUp(this.#backoff.crashes);
    this.owner.tell({ kind: 'restarting', script: this.owner.script, version: this.#version, instance: this.instance, in: wait });
    try {
      await pause(wait, undefined, { signal });
    } catch {
      return false;
    }
    return this.#begin(signal);
  }

  #giveUp(crashes: number): false {
    const { script, isWatching: watching } = this.owner;
    this.#over({ kind: 'gaveUp', script, version: this.#version, instance: this.instance, crashes, watching }, 1);
    return false;
  }
}
