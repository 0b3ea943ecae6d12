import type { Program } from '../program/program.js';
import type { Thing } from '../program/things.js';

/** One event, once emitted. Each has a number of its own. */
export interface Emission {
  readonly number: number;
  readonly from: Program;
  readonly emitter: Thing;
  readonly event: string;
  readonly payload: unknown;
  /** It cannot cross: only listeners of the emitter's own program hear of it. */
  readonly spoilt: boolean;
}
