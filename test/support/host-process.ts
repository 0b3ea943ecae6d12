import { connect, type Connection, type HostReport, type Tables } from '../../src/index.js';
import type { ConnectOptions } from '../../src/connection/options.js';
import { eventually } from './eventually.js';
import { collectGarbage } from './garbage.js';
import type { Ended } from './serve.js';
import { launch, TestProcess } from './test-process.js';

let hosts = 0;

export const NOTHING: Tables = { exports: 0, imports: 0, calls: 0, answers: 0, listeners: 0 };

/** A host in a process of its own, that runs a fixture which calls `serve()`. */
export class HostProcess extends TestProcess {
  private constructor(child: Awaited<ReturnType<typeof launch>>, readonly name: string) {
    super(child);
  }

  static override async start(fixture: URL, env: Record<string, string> = {}, name = `test-${process.pid}-${++hosts}`): Promise<HostProcess> {
    return new HostProcess(await launch(fixture, { ...env, TEST_HOST: name }), name);
  }

  connect<S>(options?: ConnectOptions): Promise<Connection<S>> {
    return connect<S>(this.name, options);
  }

  inspect(): Promise<HostReport> {
    return this.ask('inspect');
  }

  /** The host's side of each session. */
  async sessions(): Promise<Tables[]> {
    const { sessions } = await this.inspect();
    return sessions.map(({ exports, imports, calls, answers, listeners }) => ({ exports, imports, calls, answers, listeners }));
  }

  ended(): Promise<Ended[]> {
    return this.ask('ended');
  }

  /** Both ends of the only session hold the services and nothing else, once both have collected their garbage. */
  async holdsOnlyServices(connection: Connection<unknown>): Promise<void> {
    const services = (await this.inspect()).services.length + 1;
    await eventually('what both ends hold', async () => {
      await collectGarbage();
      await this.ask('collect');
      return { here: connection.tables, there: await this.sessions() };
    }, { here: { ...NOTHING, imports: services }, there: [{ ...NOTHING, exports: services }] });
  }

  /** Nothing is left of any session, on either side. */
  async isClean(...connections: Connection<unknown>[]): Promise<void> {
    for (const connection of connections) await connection.close();
    await eventually('what the connections hold', () => connections.map(({ tables }) => tables), connections.map(() => NOTHING));
    await eventually('the sessions of the host', () => this.sessions(), []);
  }
}
