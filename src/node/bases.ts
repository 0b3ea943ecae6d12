import { ChildProcess } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { Server, Socket } from 'node:net';
import { Duplex, PassThrough, Readable, Stream, Transform, Writable } from 'node:stream';
import { MessagePort, Worker } from 'node:worker_threads';
import type { Bases } from '../proxies/shape.js';

/** Classes that every Node has, by the name that says so on the wire: `instanceof` holds for their proxies. */
const classes = { EventEmitter, EventTarget, Stream, Readable, Writable, Duplex, Transform, PassThrough, Socket, Server, ChildProcess, Worker, MessagePort };

export const nodeBases: Bases = new Map(Object.entries(classes).map(([name, { prototype }]) => [name, prototype as object]));
