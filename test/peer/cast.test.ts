import { EventEmitter } from 'node:events';
import { expect, it } from 'vitest';
import { nodePlatform } from '../../src/node/platform.js';
import { peerOptions } from '../../src/options.js';
import type { PeerOwner } from '../../src/peer/owner.js';
import { Peer } from '../../src/peer/peer.js';
import type { DynobotError } from '../../src/errors.js';
import { memoryPair } from '../../src/transports/memory.js';
import type { Transport } from '../../src/transports/transport.js';
import { eventually } from '../support/eventually.js';

/** A peer that remembers what would have ended its process. */
class Side implements PeerOwner {
  readonly uncaught: unknown[] = [];
  readonly failures: string[] = [];
  readonly services = new Map<string, unknown>();
  reason: DynobotError | undefined;
  readonly peer: Peer;

  constructor(transport: Transport) {
    const platform = { ...nodePlatform, uncaught: (error: unknown) => void this.uncaught.push(error) };
    this.peer = new Peer(transport, this, { ...peerOptions({}, { label: 'the other side', mayIgnoreAnswers: true }), platform });
  }

  greeted(): void {}

  service(name: string, proxy: unknown): void {
    this.services.set(name, proxy);
  }

  failed(error: unknown): void {
    this.failures.push((error as Error).message);
  }

  ended(reason: DynobotError | undefined): void {
    this.reason = reason;
  }
}

function picky(): never {
  throw new TypeError('not this');
}

it('a function that is called as a listener, but is none, does not end its process', async () => {
  const [near, far] = memoryPair();
  const side = new Side(near);
  const heard: string[] = [];
  far.open({ frame: (frame) => heard.push(String(frame)), drained() {}, closed() {} });
  side.peer.open({ name: 'host', pid: 1, services: 1 }, [['picky', picky]]);
  far.send('[[0,"dynobot",1,{"name":"evil","pid":2,"services":0}],[1,0,1,0,0,[],0]]');
  await eventually('faults', () => heard.filter((frame) => frame.includes('not this')).length, 1);
  expect(side.uncaught).toEqual([]);
  expect(side.reason).toBeUndefined();
  side.peer.end();
});

it('what a listener throws is an uncaught error of the process that attached it', async () => {
  const [near, far] = memoryPair();
  const [host, client] = [new Side(near), new Side(far)];
  const emitter = new EventEmitter();
  host.peer.open({ name: 'host', pid: 1, services: 1 }, [['emitter', emitter]]);
  client.peer.open({ name: 'client', pid: 2, services: 0 }, []);
  await eventually('services', () => client.services.size, 1);
  (client.services.get('emitter') as EventEmitter).on('x', picky);
  await eventually('listeners', () => emitter.listenerCount('x'), 1);
  emitter.emit('x');
  await eventually('uncaught errors', () => client.uncaught.length, 1);
  expect(host.uncaught).toEqual([]);
  expect(host.failures).toEqual([]);
  client.peer.end();
});

it('an error too long to cross is told of by a short one', async () => {
  const [near, far] = memoryPair();
  const [host, client] = [new Side(near), new Side(far)];
  const echo = async (text: string): Promise<never> => {
    await Promise.resolve();
    throw new Error(`unknown: ${text}`);
  };
  host.peer.open({ name: 'host', pid: 1, services: 1 }, [['echo', echo]]);
  client.peer.open({ name: 'client', pid: 2, services: 0 }, []);
  await eventually('services', () => client.services.size, 1);
  const long = 'x'.repeat(63 * 1024 * 1024);
  await expect((client.services.get('echo') as typeof echo)(long)).rejects.toThrow(/; the error was Error: unknown: x{100}/);
  expect(host.uncaught).toEqual([]);
  client.peer.end();
});
