import { basename, relative } from 'node:path';
import type { HandoverNews } from '../../roles/news.js';
import { configurationOf, environment } from './environment.js';
import type { HostWatches } from './host-watches.js';
import type { News } from './news.js';
import { Place, type PlaceOwner } from './place.js';
import { ScriptProcess, type ScriptSpec, type ScriptWatcher } from './script-process.js';
import { Spare } from './spare.js';
import { Watcher } from './watcher.js';

/** One script, and how it is run. */
export interface TaskOptions extends ScriptSpec {
  readonly role: string;
  /** How many processes share the role. */
  readonly instances: number;
  readonly watch: boolean;
}

export interface TaskOwner {
  readonly hosts: HostWatches;
  tell(news: News): void;
  /** It has ended for good: nothing of it runs, and no save is waited for. */
  over(task: Task, exitCode: number): void;
}

/** One script under a runner: its versions, one after the other, and the places in which they run. */
export class Task implements PlaceOwner, ScriptWatcher {
  readonly script: string;
  #version = 1;
  readonly #places: Place[];
  readonly #idle = new Map<Place, number>();
  readonly #spare = new Spare();
  readonly #watcher: Watcher | undefined;

  constructor(
    private readonly options: TaskOptions,
    private readonly owner: TaskOwner,
  ) {
    const { file, instances, watch } = options;
    this.script = relative('', file);
    this.#places = Array.from({ length: instances }, (_, n) => new Place(this, instances === 1 ? undefined : n + 1));
    if (!watch) return;
    this.#watcher = new Watcher((files) => this.#saved(files));
    for (const path of [file, ...configurationOf(file)]) this.#watcher.add(path);
  }

  get isWatching(): boolean {
    return this.#watcher !== undefined;
  }

  /** Runs the present version. The first process shows whether it will do; only then do the others follow. */
  async run(): Promise<void> {
    const version = this.#version;
    const [first, ...others] = this.#places;
    this.#idle.clear();
    if (!(await first!.fill(version)) && this.isWatching) return;
    if (version === this.#version) await Promise.all(others.map((place) => place.fill(version)));
  }

  async stop(): Promise<void> {
    await this.#watcher?.close();
    this.#spare.end();
    await Promise.all(this.#places.map((place) => place.stop()));
  }

  kill(): void {
    this.#spare.end();
    for (const place of this.#places) place.kill();
  }

  signal(signal: NodeJS.Signals): void {
    for (const place of this.#places) place.signal(signal);
  }

  #saved(files: string[]): void {
    this.#version++;
    if (files.some((file) => basename(file) === 'package.json')) this.#spare.end();
    this.tell({ kind: 'saved', script: this.script, version: this.#version, files: files.map((file) => relative('', file)) });
    void this.run();
  }

  // What its places need

  async begin(instance: number | undefined): Promise<ScriptProcess> {
    await this.owner.hosts.present();
    const spec = this.#specOf(instance);
    return this.#spare.take(spec) ?? new ScriptProcess(spec, this);
  }

  #specOf(instance: number | undefined): ScriptSpec {
    const { file, args, env, by, role, deadline } = this.options;
    const turn = { DYNOBOT_ROLE: role, DYNOBOT_INSTANCE: instance === undefined ? '' : String(instance) };
    return { file, args, by, deadline, env: { ...environment(), ...env, ...turn } };
  }

  handoverTo(pid: number): Promise<HandoverNews | undefined> {
    return this.owner.hosts.handoverTo(pid);
  }

  tell(news: News): void {
    if (this.isWatching && (news.kind === 'live' || news.kind === 'failed')) this.#spare.prepare(() => new ScriptProcess(this.#specOf(this.#places[0]!.instance), this, true));
    this.owner.tell(news);
  }

  idle(place: Place, exitCode: number): void {
    this.#idle.set(place, exitCode);
    if (this.isWatching || this.#idle.size < this.#places.length) return;
    this.owner.over(this, [...this.#idle.values()].find((code) => code !== 0) ?? 0);
  }

  // What its processes tell

  depends(file: string): void {
    this.#watcher?.add(file);
  }

  opened(address: string): void {
    this.owner.hosts.watch(address);
  }
}
