import { isByCopy, isByReference } from './marks.js';

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

/** The same for several values; undefined if one of them is for the packer. */
export function flatTexts(values: readonly unknown[]): string | undefined {
  let text = '';
  for (let i = 0; i < values.length; i++) {
    const one = flatText(values[i]);
    if (one === undefined) return undefined;
    text = i === 0 ? one : `${text},${one}`;
  }
  return text;
}

/** What throws when it is read (a getter, a Proxy) is for the packer, which tells where it was. */
function flatObject(object: object): string | undefined {
  try {
    return isFlat(object) ? JSON.stringify(object) : undefined;
  } catch {
    return undefined;
  }
}

function isFlat(object: object): boolean {
  if (Object.getPrototypeOf(object) !== Object.prototype || isByReference(object) || isByCopy(object)) return false;
  for (const key in object) if (!isItself((object as Record<string, unknown>)[key])) return false;
  return Object.getOwnPropertySymbols(object).length === 0 && !Object.hasOwn(object, '__proto__');
}

/** Whether a value is the same in JSON, and holds no other. */
export function isItself(value: unknown): value is string | number | boolean | null {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true;
    case 'number':
      return isPlainNumber(value);
    default:
      return value === null;
  }
}

/** JSON has neither NaN, nor infinities, nor a negative zero. */
function isPlainNumber(value: number): boolean {
  return value === 0 ? 1 / value > 0 : Number.isFinite(value);
}
