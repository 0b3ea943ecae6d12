/**
 * Runs steps, which do not throw, until one returns false, and all promise jobs of each before the next. Node runs the ticks of `nextTick`
 * only when no promise job is left, so two hops are enough, however long the chains of promises are.
 */
export function drained(step: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const tick = (): void => {
      if (step()) queueMicrotask(next);
      else resolve();
    };
    const next = (): void => process.nextTick(tick);
    next();
  });
}
