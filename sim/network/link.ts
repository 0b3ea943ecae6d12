import { LIMITS } from '../../src/limits.js';
import { nodeBases } from '../../src/node/bases.js';
import type { DynobotError } from '../../src/errors.js';
import type { PeerOptions } from '../../src/peer/options.js';
import { Peer } from '../../src/peer/peer.js';
import { Shapes } from '../../src/proxies/shape.js';
import { builtInKinds } from '../../src/values/built-in.js';
import { Kinds } from '../../src/values/kinds.js';
import { Roster } from '../model/roster.js';
import type { Program } from '../program/program.js';
import { offered } from '../program/services.js';
import type { World } from '../world.js';
import { End } from './end.js';
import { Line } from './line.js';
import { platformOf } from './platform.js';
import { SimTransport } from './transport.js';

// As in a process, one for all sessions.
const shapes = new Shapes(nodeBases);
const kinds = new Kinds(builtInKinds);

/** The session of two programs. */
export class Link {
  readonly ends: readonly [End, End];
  #lines: Line[] = [];
  #closing = new Set<End>();
  #cut = false;

  constructor(
    private readonly world: World,
    left: Program,
    right: Program,
  ) {
    this.ends = [new End(this, left, world, new Roster()), new End(this, right, world, new Roster())];
    const [a, b] = this.ends;
    a.other = b;
    b.other = a;
    for (const end of this.ends) this.#equip(end);
    this.#lines = [this.#line(a, b), this.#line(b, a)];
  }

  /** Whether it has ended on either side, or is about to. */
  get ending(): boolean {
    return this.#cut || this.#closing.size > 0 || this.ends.some(({ over }) => over);
  }

  open(): void {
    for (const end of this.ends) {
      const services = offered(end.program, end);
      end.peer.open({ name: end.program.name, pid: end.program.index, services: services.length }, services);
    }
  }

  close(end: End): void {
    this.#closing.add(end);
    end.peer.end();
  }

  closedBy(end: End): boolean {
    return this.#closing.has(end);
  }

  /** Ends both directions, each at a byte of its own. */
  cut(): void {
    this.#cut = true;
    for (const line of this.#lines) line.cut();
  }

  /** A session may end because somebody wants it to, or because the line is gone; for no other reason. */
  ended(end: End, reason: DynobotError | undefined): void {
    const expected = reason === undefined ? this.#closing.size > 0 : reason.code === 'ERR_DYNOBOT_DISCONNECTED' && this.ending;
    if (!expected) {
      const early = /not exported|receipts/.test(reason?.message ?? '');
      this.world.problem(early ? 'premature' : 'errors', `${end.name} ended: ${reason?.stack ?? 'without a reason'}`);
    }
    const { tables } = end.peer;
    for (const [table, size] of Object.entries(tables)) {
      if (size !== 0) this.world.problem(table === 'listeners' ? 'listeners' : 'leaks', `${end.name}: ${size} ${table} are left when the session ends`);
    }
  }

  #equip(end: End): void {
    const { world } = this;
    const options: PeerOptions = {
      platform: platformOf(end), limits: { ...LIMITS, heartbeat: 0 }, slowReader: 'disconnect', kinds, shapes, timeout: 0, mayIgnoreAnswers: world.plan.mayIgnoreAnswers, label: end.other.program.name,
    };
    end.transport = new SimTransport(end.name, world.clock, end);
    end.peer = new Peer(end.transport, end, options);
    void end.peer.gone.then(() => (end.gone = true));
  }

  #line(from: End, to: End): Line {
    const { clock, dice, plan } = this.world;
    return (from.transport.out = new Line(clock, dice, plan.manner, to.transport));
  }
}
