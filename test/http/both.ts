import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'vitest';
import { eventually } from '../support/eventually.js';
import { HostProcess, NOTHING } from '../support/host-process.js';
import { TestProcess } from '../support/test-process.js';
import { attach, NAMES, type Name } from './apps/index.js';
import { makeServer, type ServerKind } from './apps/server.js';

interface BothKind extends ServerKind {
  /** The handler is a client that blocks. */
  sync?: boolean;
}

/** The same apps twice: in servers of this process, and in another process that handles the servers of a host. */
export class Both {
  readonly #own = new Map<Name, Server>();
  #hosted!: Record<Name, number>;

  private constructor(readonly host: HostProcess, readonly handler: TestProcess) {}

  static async start({ sync = false, ...kind }: BothKind = {}): Promise<Both> {
    const host = await HostProcess.start(new URL('fixtures/host.ts', import.meta.url), { SERVER: JSON.stringify(kind) });
    const handler = await TestProcess.start(new URL('fixtures/handler.ts', import.meta.url), { TEST_HOST: host.name, ...(sync ? { SYNC: '1' } : {}) });
    const both = new Both(host, handler);
    both.#hosted = await host.ask('ports');
    for (const name of NAMES) await both.#listen(name, makeServer(kind));
    await eventually('listeners', () => host.ask('listeners'), NAMES.map(() => 2));
    return both;
  }

  async #listen(name: Name, server: Server): Promise<void> {
    await attach(name, server);
    this.#own.set(name, server.listen(0, '127.0.0.1'));
    await once(server, 'listening');
  }

  /** The port of the app in this process, and that of the same app in another. */
  ports(name: Name): [here: number, there: number] {
    return [(this.#own.get(name)!.address() as AddressInfo).port, this.#hosted[name]];
  }

  /** Nothing is left of all that was asked, on either side. */
  async stop(): Promise<void> {
    for (const server of this.#own.values()) server.close().closeAllConnections();
    await eventually('connections', () => this.host.ask('connections'), NAMES.map(() => 0));
    await this.handler.ask('close');
    await eventually('tables', () => this.handler.ask('tables'), NOTHING);
    expect(await this.host.ask('errors')).toEqual([]);
    expect(this.host.stderr + this.handler.stderr).toBe('');
    await this.handler.stop();
    await this.host.stop();
  }
}
