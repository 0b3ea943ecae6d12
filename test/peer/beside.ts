import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { Connection } from '../../src/index.js';
import { HostProcess } from '../support/host-process.js';
import { ByHand } from './by-hand.js';

/** What all tests of a file are about, once they run. */
export interface Beside<S> {
  readonly host: HostProcess;
  readonly innocent: Connection<S>;
}

/**
 * For all tests of a file: hosts the fixture in a process of its own, with an innocent client beside whatever the tests do to
 * the host. At the end nothing of any session may be left, and the host must have said nothing.
 */
export function beside<S>(fixture: URL, begin: (innocent: Connection<S>) => void = () => {}): Beside<S> {
  const set: { host?: HostProcess; innocent?: Connection<S> } = {};
  beforeAll(async () => {
    set.host = await HostProcess.start(fixture);
    set.innocent = await set.host.connect<S>({ name: 'innocent' });
    begin(set.innocent);
  });
  afterEach(() => ByHand.destroyAll());
  afterAll(async () => {
    await set.host!.isClean(set.innocent!);
    expect(set.host!.isRunning).toBe(true);
    expect(set.host!.stderr).toBe('');
    await set.host!.stop();
  });
  return set as Beside<S>;
}
