import type { Platform } from '../platform.js';
import { isHttpServer, publishServer, withdrawServer } from '../http/fallback.js';
import { httpKinds } from '../http/kinds.js';
import { workWith } from '../http/work.js';
import { paceOf } from '../http/pace.js';
import { nodeBases } from './bases.js';
import { nodeCollector } from './collector.js';
import { defer } from './defer.js';
import { nodeMaxListeners } from './max-listeners.js';
import { nodeStream } from './streams.js';
import './symbols.js';
import { nodeWeak } from './weak.js';

/** Some 24 days; what is due later is never due. */
const LONGEST_TIMER = 2 ** 31 - 1;

/** What a session needs of Node. */
export const nodePlatform: Platform = {
  weak: nodeWeak,
  bases: nodeBases,
  kinds: [nodeStream, ...httpKinds],
  maxListeners: nodeMaxListeners,
  collector: nodeCollector,
  paceOf,
  workWith,
  published: (service) => {
    if (isHttpServer(service)) publishServer(service);
  },
  withdrawn: (service) => {
    if (isHttpServer(service)) withdrawServer(service);
  },
  defer,
  after: (ms, task) => {
    // Node would take a longer time for one millisecond.
    if (ms > LONGEST_TIMER) return () => {};
    const timer = setTimeout(task, ms).unref();
    return () => clearTimeout(timer);
  },
  now: () => performance.now(),
  uncaught: (error) => {
    queueMicrotask(() => {
      throw error;
    });
  },
  warn: (name, message) => process.emitWarning(message, name),
};
