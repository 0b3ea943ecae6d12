import { TestProcess } from '../support/test-process.js';
import type { HostProcess } from '../support/host-process.js';

export const EMITTERS_HOST = new URL('fixtures/emitters-host.ts', import.meta.url);

/** A client in a process of its own. */
export function startClient(host: HostProcess, name = 'client'): Promise<TestProcess> {
  return TestProcess.start(new URL('fixtures/client.ts', import.meta.url), { TEST_HOST: host.name, TEST_CLIENT: name });
}
