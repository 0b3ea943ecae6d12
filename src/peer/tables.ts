/** How much of a session there is, on this side. All zero once it has ended. */
export interface Tables {
  /** Values of ours that the other side may refer to. */
  exports: number;
  /** Values of the other side's that we have proxies of. */
  imports: number;
  /** Our calls that wait for an answer. */
  calls: number;
  /** Calls of the other side's that we are working on. */
  answers: number;
  /** Listeners of the other side's on our objects. */
  listeners: number;
}
