import { LIMITS, type Limits } from './limits.js';
import { nodePlatform } from './node/platform.js';
import type { PeerOptions } from './peer/options.js';
import type { SlowPolicy } from './peer/slow-reader.js';
import { Shapes } from './proxies/shape.js';
import { builtInKinds } from './values/built-in.js';
import { errorsWithoutStack } from './values/error.js';
import type { AnyKind } from './values/kind.js';
import { Kinds } from './values/kinds.js';

/** What `host` and `connect` both take. */
export interface SessionOptions {
  /** Bounds for each session; those not given are those of `LIMITS`. */
  limits?: Partial<Limits>;
  /** Kinds of values of your own. Both sides need the same. */
  kinds?: readonly AnyKind[];
  /** Milliseconds within which every call to the other side must be answered; by default there is no deadline. */
  timeout?: number;
  /**
   * Whether errors cross with the stack of this process, and with it its paths. By default only to processes of the same
   * user: over names and paths of sockets, IPC, and ports.
   */
  stacks?: boolean;
  /** What is done when the other side reads so slowly that `limits.queue` is not enough. By default its session ends. */
  slowReader?: SlowPolicy;
  /** Whether garbage is collected when proxies have become many and the process is idle. By default it is. */
  collect?: boolean;
}

const shapes = new Shapes(nodePlatform.bases);
const { collector: _, ...withoutCollector } = nodePlatform;

/** What makes the peers of one host or connection. */
export function peerOptions(options: SessionOptions, side: Pick<PeerOptions, 'label' | 'mayIgnoreAnswers' | 'contains'>): PeerOptions {
  const { limits, kinds = [], timeout = 0, collect = true, slowReader = 'disconnect', stacks } = options;
  const platform = collect ? nodePlatform : withoutCollector;
  const all = new Kinds(builtInKinds, platform.kinds, kinds);
  const hiding = stacks === true ? all : all.with(errorsWithoutStack);
  return {
    ...side, platform, shapes, timeout, slowReader, limits: within(LIMITS, limits),
    kinds: stacks === false ? hiding : all, kindsForOthers: hiding,
  };
}

/** Who overrides nothing shares them with all others: they are looked at with every message. */
function within(limits: Readonly<Limits>, own: Partial<Limits> | undefined): Readonly<Limits> {
  return own === undefined ? limits : { ...limits, ...given(own) };
}

/** An option that is undefined is one that is not given. */
function given<T extends object>(options: T | undefined): Partial<T> {
  return Object.fromEntries(Object.entries(options ?? {}).filter(([, value]) => value !== undefined)) as Partial<T>;
}

/** The same for one session, which has some options of its own. */
export function overridden(options: PeerOptions, { limits, slowReader = options.slowReader }: Pick<SessionOptions, 'limits' | 'slowReader'>): PeerOptions {
  return { ...options, slowReader, limits: within(options.limits, limits) };
}
