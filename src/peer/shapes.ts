import { limitError, protocolError } from '../errors.js';
import type { Answer } from '../proxies/listening-styles.js';
import { Mirror } from '../proxies/mirror.js';
import { isReachableName } from '../proxies/names.js';
import type { Session } from '../proxies/reference.js';
import type { Bases, Shape } from '../proxies/shape.js';
import type { Packed } from '../wire.js';

/** The shapes that this session has described to the other side. They live as long as it. */
export class SentShapes {
  readonly #ids = new Map<Shape, number>();

  constructor(private readonly describe: (id: number, definition: Packed) => void) {}

  id(shape: Shape): number {
    let id = this.#ids.get(shape);
    if (id !== undefined) return id;
    const parent = shape.parent === undefined ? 0 : this.id(shape.parent);
    id = this.#ids.size + 1;
    this.#ids.set(shape, id);
    const { name, base, methods, accessors, listening, detaching, iterable, sync, aliases, opened, container } = shape;
    const members = { methods: [...methods], accessors: [...accessors], listening: Object.entries(listening) };
    const pairs = Object.entries(detaching);
    const rare = { ...(sync && { sync }), ...(aliases && { aliases: Object.entries(aliases) }), ...(opened && { opened: [...opened] }), ...(container && { container }) };
    this.describe(id, { parent, name, base, ...members, ...(pairs.length === 0 ? {} : { detaching: pairs }), iterable, ...rare });
    return id;
  }
}

/** The local classes for the shapes that the other side has described. */
export class Mirrors {
  readonly #byId = new Map<number, Mirror>();

  constructor(
    /** If its clients block. */
    private readonly session: Session | undefined,
    private readonly bases: Bases,
    private readonly most: number,
  ) {}

  get(id: number): Mirror {
    const mirror = this.#byId.get(id);
    if (mirror === undefined) throw protocolError(`it names the shape ${id}, which it has not described`);
    return mirror;
  }

  described(id: unknown, definition: unknown): void {
    if (!Number.isSafeInteger(id) || this.#byId.has(id as number)) throw protocolError('it describes a shape under a wrong number');
    if (this.#byId.size >= this.most) throw limitError('SHAPES', `it describes more than ${this.most} shapes (limits.shapes)`);
    const { shape, parent } = read(definition);
    const above = parent === 0 ? undefined : this.get(parent);
    // With its parent, so that a third process can be told of all of it.
    this.#byId.set(id as number, new Mirror(above === undefined ? shape : { ...shape, parent: above.shape }, above, this.bases, this.session));
  }
}

const ANSWERS = new Set<unknown>(['this', 'undefined', 'unsubscriber'] satisfies Answer[]);

function read(definition: unknown): { shape: Shape; parent: number } {
  const { parent, name, base, methods, accessors, listening, detaching, iterable, ...rare } = record(definition);
  if (typeof parent !== 'number' || typeof name !== 'string' || typeof base !== 'string') throw protocolError('a shape lacks its parts');
  const answers: Record<string, Answer> = Object.create(null) as Record<string, Answer>;
  for (const entry of list(listening)) {
    const [method, answer] = list(entry);
    if (!ANSWERS.has(answer)) throw protocolError('a shape has a method of an unknown kind');
    answers[memberName(method)] = answer as Answer;
  }
  const undone: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const entry of list(detaching ?? [])) {
    const [method, attaching] = list(entry);
    undone[memberName(method)] = memberName(attaching);
  }
  const members = { methods: list(methods).map(memberName), accessors: list(accessors).map(memberName), listening: answers, detaching: undone };
  return { shape: { name, base, ...members, iterable: iterable === true, ...readRare(rare) }, parent };
}

function readRare({ sync, aliases, opened, container }: Record<string, unknown>): Partial<Shape> {
  const same = Object.create(null) as Record<string, string>;
  for (const entry of aliases === undefined ? [] : list(aliases)) {
    const [alias, method] = list(entry);
    same[memberName(alias)] = memberName(method);
  }
  return {
    ...(sync === true && { sync }),
    ...(aliases !== undefined && { aliases: same }),
    ...(opened !== undefined && { opened: list(opened).map(openedName) }),
    ...((container === 'array' || container === 'bare') && { container }),
  };
}

function record(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw protocolError('a shape is not an object');
  return value as Record<string, unknown>;
}

function list(value: unknown): unknown[] {
  if (!Array.isArray(value)) throw protocolError('a shape lacks its parts');
  return value;
}

function openedName(name: unknown): string {
  if (typeof name !== 'string' || !name.startsWith('_') || name === '__proto__') throw protocolError(`a shape opens ${JSON.stringify(name)}`);
  return name;
}

/** A member is defined on a local class under this name, so it must be one that cannot do harm there. */
function memberName(name: unknown): string {
  if (typeof name !== 'string' || !isReachableName(name)) throw protocolError(`a shape has a member ${JSON.stringify(name)}`);
  return name;
}
