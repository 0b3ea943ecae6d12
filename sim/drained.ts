/**
 * Runs steps until one returns false, and all promise jobs of each before the next. Node runs the ticks of `nextTick`
 * only when no promise job is left, so two hops are enough, however long the chains of promises are.
 */
export function drained(step: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const tick = (): void => {
      try {
        if (step()) queueMicrotask(next);
        else resolve();
      } catch (error) {
        reject(error as Error);
      }
    };
    const next = (): void => process.nextTick(tick);
    next();
  });
}
