import type { Packed } from '../wire.js';
import { isByCopy, isByReference } from './marks.js';

type Primitive = string | number | boolean | null;
/** A plain object of primitives. */
type Flat = Record<string, Primitive>;

/**
 * The short way for what most messages are: primitives, and plain objects of nothing but primitives. Their text is made
 * at once, by one look at each property. Whatever else it may be is for the packer.
 */
export function flatText(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value);
    case 'number':
      return isPlainNumber(value) ? String(value) : undefined;
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return value === null ? 'null' : flatObject(value);
    default:
      return undefined;
  }
}

/** The same for the values of one message, others among them if `otherText` has one for them; undefined if one of them is for the packer. */
export function flatTexts(values: readonly unknown[], otherText?: (value: unknown) => string | undefined): string | undefined {
  let text = '';
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const one = isThereBefore(values, i) ? undefined : (flatText(value) ?? otherText?.(value));
    if (one === undefined) return undefined;
    text = i === 0 ? one : `${text},${one}`;
  }
  return text;
}

/** The values of one message as they are at this moment, if they are such, and no longer than `most` characters and values; otherwise undefined. */
export function flatValues(values: readonly unknown[], most: number): Packed[] | undefined {
  const copies: Packed[] = [];
  let left = most;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    const copy = isItself(value) ? value : typeof value === 'object' && !isThereBefore(values, i) ? flatCopy(value!) : undefined;
    if (copy === undefined || (left -= sizeOf(copy)) < 0) return undefined;
    copies.push(copy);
  }
  return copies;
}

/** What was one object is to be one on the other side: the packer sees to that. */
function isThereBefore(values: readonly unknown[], at: number): boolean {
  const value = values[at];
  if (typeof value !== 'object' || value === null) return false;
  for (let i = 0; i < at; i++) if (values[i] === value) return true;
  return false;
}

/** Each value counts for one, a string besides for its characters. */
function sizeOf(flat: Primitive | Flat): number {
  if (typeof flat !== 'object' || flat === null) return sizeOfPrimitive(flat);
  let size = 1;
  for (const key in flat) size += sizeOfPrimitive(flat[key]!);
  return size;
}

function sizeOfPrimitive(value: Primitive): number {
  return typeof value === 'string' ? 1 + value.length : 1;
}

function flatObject(object: object): string | undefined {
  const copy = flatCopy(object);
  if (copy === undefined) return undefined;
  return object === latest ? repeatedText(copy) : firstText(object, copy);
}

/** What throws when it is read (a getter, a Proxy) is for the packer, which tells where it was. */
function flatCopy(object: object): Flat | undefined {
  if (Object.getPrototypeOf(object) !== Object.prototype || isByReference(object) || isByCopy(object)) return undefined;
  try {
    const copy = takenOf(object) ?? takenNow(object);
    if (isFlat(copy)) return copy;
  } catch {
    // The packer meets it again.
  }
  return undefined;
}

/** The object of the latest message of this turn: an event is sent to one session after the other. */
let latest: object | undefined;
/** What it was like when it was sent for the second time, and that in text. */
let repeated: object | undefined;
let text = '';

function firstText(object: object, copy: object): string {
  latest = object;
  repeated = undefined;
  return JSON.stringify(copy);
}

/** Listeners may have changed it since. */
function repeatedText(copy: object): string {
  if (repeated !== undefined && isSame(copy, repeated)) return text;
  repeated = copy;
  return (text = JSON.stringify(copy));
}

function isSame(one: object, other: object): boolean {
  const keys = Object.keys(other);
  let at = 0;
  for (const key in one) {
    if (key !== keys[at++] || (one as Record<string, unknown>)[key] !== (other as Record<string, unknown>)[key]) return false;
  }
  return at === keys.length;
}

/** The turn is over: nothing of it is kept alive. */
export function forgetLatest(): void {
  latest = repeated = undefined;
  text = '';
}

/**
 * Objects of the messages that are being made, each with its copy: the packer gets the copy, if all or part of the message
 * turns out to be for it. A getter in one message may send another, so the innermost message's are the last.
 */
const taken: (object | undefined)[] = [];
/** Where the present message's begin, and where they end. */
let begin = 0;
let end = 0;

/** Begins a message: what is read from here on is read for it. Returns what `endTaking` needs, which must follow. */
export function beginTaking(): number {
  const outer = begin;
  begin = end;
  return outer;
}

/** The message is made, or given up: what was taken for it is nobody's, and the one that it interrupted goes on. */
export function endTaking(outer: number): void {
  while (end > begin) taken[--end] = undefined;
  begin = outer;
}

function takenNow(object: object): object {
  const copy = { ...object };
  taken[end++] = object;
  taken[end++] = copy;
  return copy;
}

/** The copy that was taken of an object for this message, if it was read already. */
export function takenOf<T extends object>(object: T): T | undefined {
  for (let i = begin; i < end; i += 2) if (taken[i] === object) return taken[i + 1] as T;
  return undefined;
}

/**
 * The own enumerable properties of a plain object, each read once: a getter may give something else the next time, and
 * JSON would ask it again. So it would the `toJSON` that does not cross because it is not enumerable.
 */
export function take<T extends object>(object: T): T {
  return takenOf(object) ?? { ...object };
}

function isFlat(object: object): object is Flat {
  for (const key in object) if (!isItself((object as Record<string, unknown>)[key]) || key === '__proto__') return false;
  return Object.getOwnPropertySymbols(object).length === 0;
}

/** Whether a value is the same in JSON, and holds no other. */
export function isItself(value: unknown): value is Primitive {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return true;
  return typeof value === 'number' && isPlainNumber(value);
}

/** JSON has neither NaN, nor infinities, nor a negative zero. */
function isPlainNumber(value: number): boolean {
  return value === 0 ? 1 / value > 0 : Number.isFinite(value);
}
