import { afterAll, beforeAll } from 'vitest';
import type { Connection } from '../../src/index.js';
import { HostProcess } from '../support/host-process.js';
import type { Services } from './fixtures/objects-host.js';

interface Setup {
  host: HostProcess;
  connection: Connection<Services>;
  services: Connection<Services>['services'];
}

export const OBJECTS_HOST = new URL('fixtures/objects-host.ts', import.meta.url);

/** One host and one connection for a file of tests, which must have emptied all tables in the end. */
export function objectsHost(): Setup {
  const setup = {} as Setup;
  beforeAll(async () => {
    setup.host = await HostProcess.start(OBJECTS_HOST);
    setup.connection = await setup.host.connect<Services>();
    setup.services = setup.connection.services;
  });
  afterAll(async () => {
    await setup.host.holdsOnlyServices(setup.connection);
    await setup.host.isClean(setup.connection);
    await setup.host.stop();
  });
  return setup;
}
