import { isPlainPrototype } from './plain.js';

/** What only a value of that kind has inside, whatever realm made it: asked of any other, it throws. */
const BRANDS = new Map<string, (value: object) => unknown>([
  ['Map', getter(Map.prototype, 'size')],
  ['Set', getter(Set.prototype, 'size')],
  ['Date', (value) => Date.prototype.getTime.call(value)],
  ['RegExp', getter(RegExp.prototype, 'source')],
  ['ArrayBuffer', getter(ArrayBuffer.prototype, 'byteLength')],
  ['Promise', (value) => Promise.prototype.then.call(value, undefined, () => {})],
  ['Error', () => true],
]);

function getter(prototype: object, name: string): (value: object) => unknown {
  const { get } = Object.getOwnPropertyDescriptor(prototype, name)!;
  return (value) => get!.call(value) as unknown;
}

/**
 * The kind of a value that a built-in class of another realm has made (a vm context, a test runner), which `instanceof`
 * does not know. Instances of classes below it are of no kind, as here; errors are, of whatever class.
 */
export function tagOfOtherRealm(value: object): string | undefined {
  const tag = Object.prototype.toString.call(value).slice(8, -1);
  const brand = BRANDS.get(tag);
  if (brand === undefined || !isOfBuiltIn(value, tag)) return undefined;
  try {
    brand(value);
    return tag;
  } catch {
    return undefined;
  }
}

function isOfBuiltIn(value: object, tag: string): boolean {
  let prototype = Object.getPrototypeOf(value) as object | null;
  while (tag === 'Error' && prototype !== null && nameOf(prototype) !== tag) prototype = Object.getPrototypeOf(prototype) as object | null;
  return prototype !== null && nameOf(prototype) === tag && isPlainPrototype(Object.getPrototypeOf(prototype) as object | null);
}

/** What the class is called that a prototype belongs to; undefined if that is not plain to see. */
export function nameOf(prototype: object): string | undefined {
  const constructor: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  const name: unknown = typeof constructor === 'function' ? Object.getOwnPropertyDescriptor(constructor, 'name')?.value : undefined;
  return typeof name === 'string' ? name : undefined;
}
