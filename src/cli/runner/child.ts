// Runs before the script, in each process that a runner starts: it tells the runner what the script loads, when it is
// ready and what has become of it, and takes the order to retire.
import { Socket } from 'node:net';
import { createInterface } from 'node:readline';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { RUNNER, type Runnable, type RunnerHook } from '../../connection/loaded.js';
import { HOLD, ORDERS, problemOf, report, type Order } from './reports.js';
import { watchModules } from './watch-modules.js';

/** Milliseconds that a process has to end by itself when its connections are closed. */
const GRACE = 50;

/** Milliseconds after which Node has begun to load the script, or will not. */
const LONG_BEGUN = 500;

/** The connections of this process that have a role. */
class Crew {
  readonly #connections = new Set<Runnable>();
  readonly #live = new Set<Runnable>();
  readonly #opening = new Set<Promise<void>>();
  #isLoaded = false;
  #isLeaving = false;

  opening(settled: Promise<void>): void {
    this.#opening.add(settled);
    void settled.then(() => this.#opening.delete(settled));
  }

  opened(connection: Runnable): void {
    this.#connections.add(connection);
    connection.once('close', () => {
      this.#connections.delete(connection);
      this.#live.delete(connection);
    });
    connection.once('turn', () => this.#turned(connection));
    connection.once('retire', ({ deadline }) => {
      // Nothing may be left to do here before the order comes, or the time of grace is over.
      process.once('beforeExit', terminate);
      report({ retired: Number.isFinite(deadline) ? deadline : 'forever' });
    });
    report({ opened: { address: connection.address, role: connection.roleName } });
    if (this.#isLeaving) void connection.retire();
    // The code that waits for the connection attaches its listeners first.
    else if (this.#isLoaded) setImmediate(() => void connection.takeTurn());
  }

  /** A script that asks for its turns itself is live from then on, whatever it has left to do before it is loaded. */
  #turned(connection: Runnable): void {
    this.#live.add(connection);
    if (this.#live.size === this.#connections.size) report({ live: true });
  }

  /**
   * The script has been loaded, and what it connects to without waiting is there: unless it has asked for its turns itself,
   * they are asked for now. What has failed at once, and was not waited for, has ended the process by then.
   */
  async loaded(): Promise<void> {
    this.#isLoaded = true;
    await turn();
    while (this.#opening.size > 0) {
      await Promise.all(this.#opening);
      await turn();
    }
    if (this.#isLeaving) return;
    await Promise.all([...this.#connections].map((connection) => connection.takeTurn()));
    report({ live: true });
  }

  async retire(): Promise<void> {
    if (this.#isLeaving) return;
    this.#isLeaving = true;
    // It has asked for nothing yet: nobody waits for what the rest of the script would do.
    if (!this.#isLoaded && [...this.#connections].every(({ isStaged }) => isStaged)) leave();
    await Promise.allSettled([...this.#connections].map((connection) => connection.retire()));
    setTimeout(leave, GRACE).unref();
  }
}

function leave(): void {
  if (!terminate()) process.exit();
}

let isTold = false;

/** The script may have something to put in order, if it listens for the signal. It has it once. Returns whether it is told. */
function terminate(): boolean {
  if (isTold || process.listenerCount('SIGTERM') === 0) return isTold;
  isTold = true;
  const kept = setInterval(() => {}, GRACE);
  process.once('SIGTERM', () => clearInterval(kept));
  process.kill(process.pid, 'SIGTERM');
  return true;
}

const crew = new Crew();
const { DYNOBOT_ROLE: role = '', DYNOBOT_INSTANCE: instance = '' } = process.env;
const runner: RunnerHook = { role, instance, opening: (settled) => crew.opening(settled), opened: (connection) => crew.opened(connection) };
Object.defineProperty(globalThis, RUNNER, { value: runner });
// The turn is this process's, and not that of processes that it starts.
delete process.env['DYNOBOT_ROLE'];
delete process.env['DYNOBOT_INSTANCE'];

process.on('uncaughtExceptionMonitor', (error) => report({ failed: problemOf(error) }));

// Ctrl-C, and the end of the terminal, come to all processes of the terminal: it is the runner who decides.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});

/** Resolves with the first order to run the script. Without a runner, nobody would start this process again, or end it. */
function obey(): Promise<void> {
  const orders = new Socket({ fd: ORDERS, readable: true, writable: false });
  orders.on('error', () => {}).on('close', () => void crew.retire());
  if (process.env[HOLD] === undefined) orders.unref();
  return new Promise((go) => {
    createInterface(orders).on('line', (order) => {
      if ((order as Order) === 'retire') return void crew.retire();
      orders.unref();
      go();
    });
  });
}

const ordered = obey();
const isLoading = watchModules();
if (process.env[HOLD] !== undefined) {
  delete process.env[HOLD];
  // What the script is going to import first, as a rule.
  await import('../../index.js');
  await ordered;
}

// Another import of the script ends when it has been loaded. The first one must be Node's own, which makes it the main
// module; where Node does not say that it has begun, it has long done so.
const script = pathToFileURL(process.argv[1]!).href;
void Promise.race([isLoading, pause(LONG_BEGUN)]).then(() => turn()).then(() => import(script)).then(
  () => crew.loaded(),
  () => {}, // Node tells of it, and ends the process.
);
