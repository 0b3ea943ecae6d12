import type { SessionOptions } from '../options.js';

/** Milliseconds that a host has to come back by default. */
export const RECONNECT = 30_000;

export interface ConnectOptions extends SessionOptions {
  /** What this client is called in the host's reports. By default its script's name. */
  name?: string;
  /**
   * How many milliseconds to wait for a host that has gone to come back: 30,000 by default. `false` or 0: not at all. Only
   * a name or a path can be connected to again.
   */
  reconnect?: number | false;
  /**
   * The role that this process takes turns in: its listeners are not live before `ready()`. By default, for the first
   * connection to each host, the role that `dynobot run` has started the process for, or that DYNOBOT_ROLE in the
   * environment names. `undefined`: none, whatever they say.
   */
  role?: string | undefined;
  /** Its place in the role, if several processes share it. Who comes to a place that is taken succeeds who is there. Without a role it is refused. */
  instance?: string | number | undefined;
}
