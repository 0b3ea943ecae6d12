export function median(numbers) {
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median, least and most of what several rounds gave. */
export function summary(values) {
  return { value: median(values), min: Math.min(...values), max: Math.max(...values) };
}

/**
 * How one system stands against another: the median of the ratios within each round, since what a round has of a noisy
 * machine it has for both. Undefined where no round has both.
 */
export function pairedRatio(rounds, floorRounds) {
  const ratios = [];
  for (const [round, value] of rounds) {
    const floor = floorRounds?.get(round);
    if (floor !== undefined) ratios.push(value / floor);
  }
  return ratios.length === 0 ? undefined : median(ratios);
}
