import { EventEmitter } from 'node:events';
import { Server, Socket } from 'node:net';
import { Duplex, PassThrough, Readable, Stream, Transform, Writable } from 'node:stream';
import type { Bases } from '../proxies/shape.js';

interface Class {
  readonly name: string;
  readonly prototype: object;
}

/** Loaded where one is asked for: they would cost each process that never has to do with them some milliseconds. */
const workers = (): typeof import('node:worker_threads') => process.getBuiltinModule('node:worker_threads');
const children = (): typeof import('node:child_process') => process.getBuiltinModule('node:child_process');

const loaded: readonly Class[] = [EventEmitter, EventTarget, Stream, Readable, Writable, Duplex, Transform, PassThrough, Socket, Server];

/** Classes that every Node has, by the name that says so on the wire: `instanceof` holds for their proxies. */
const classes = new Map<string, () => Class>([
  ...loaded.map((base): [string, () => Class] => [base.name, () => base]),
  ['ChildProcess', () => children().ChildProcess],
  ['Worker', () => workers().Worker],
  ['MessagePort', () => workers().MessagePort],
]);

export const nodeBases: Bases = {
  named: (name) => classes.get(name)?.().prototype,
  nameOf(prototype) {
    const { value } = Object.getOwnPropertyDescriptor(prototype, 'constructor') ?? {};
    const name = typeof value === 'function' ? value.name : undefined;
    return typeof name === 'string' && nodeBases.named(name) === prototype ? name : undefined;
  },
};
