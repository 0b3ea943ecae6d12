import type { Kind } from './kind.js';

/** Bytes on their way: the packer turns them into an attachment, the unpacker back into bytes of their own. */
export class Bytes {
  constructor(readonly view: Uint8Array) {}

  static of(view: ArrayBufferView): Bytes {
    return new Bytes(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  }

  /** The bytes in an ArrayBuffer that holds nothing else. */
  exact(): ArrayBuffer {
    const { buffer, byteOffset, byteLength } = this.view;
    if (buffer instanceof ArrayBuffer && byteOffset === 0 && byteLength === buffer.byteLength) return buffer;
    return this.view.slice().buffer as ArrayBuffer;
  }
}

/** By name, so that a peer's string finds nothing else. Several lack in older runtimes. */
const views = new Map<string, new (buffer: ArrayBuffer) => ArrayBufferView>();
for (const name of [
  'Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array',
  'Float16Array', 'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array', 'DataView',
]) {
  const view: unknown = Reflect.get(globalThis, name);
  if (typeof view === 'function') views.set(name, view as new (buffer: ArrayBuffer) => ArrayBufferView);
}

function viewName(value: object): string | undefined {
  const name = Object.prototype.toString.call(value).slice(8, -1);
  return views.has(name) ? name : undefined;
}

export const arrayBuffer: Kind<ArrayBuffer, Bytes> = {
  tag: 'ArrayBuffer',
  is: (value) => value instanceof ArrayBuffer,
  head: (value) => new Bytes(new Uint8Array(value)),
  create: (bytes) => bytes.exact(),
};

/** Typed arrays and DataView. Each arrives with a buffer of its own: two views of one buffer share it no more. */
export const bufferView: Kind<ArrayBufferView, [name: string, bytes: Bytes]> = {
  tag: 'View',
  is: (value) => ArrayBuffer.isView(value) && viewName(value) !== undefined,
  head: (value) => [viewName(value)!, Bytes.of(value)],
  create: ([name, bytes]) => {
    const View = views.get(name);
    if (View === undefined) throw new TypeError(`there is no ${name} here`);
    return new View(bytes.exact());
  },
};

/** Node's Buffer, where there is one. */
export const buffer: Kind<Uint8Array, Bytes> = {
  tag: 'Buffer',
  is: (value) => typeof Buffer === 'function' && Buffer.isBuffer(value),
  head: (value) => Bytes.of(value),
  create: (bytes) => {
    if (typeof Buffer !== 'function') return bytes.view;
    const { buffer: memory, byteOffset, byteLength } = bytes.view;
    return Buffer.from(memory as ArrayBuffer, byteOffset, byteLength);
  },
};
