const WORDS = new Intl.NumberFormat('en-US', { maximumSignificantDigits: 3 });

/** A figure for people: three digits that matter, thousands apart. */
export function figure(number) {
  return number === null || number === undefined ? '' : WORDS.format(number);
}

/** A ratio for people. */
export function times(ratio) {
  return ratio === null || ratio === undefined ? '' : ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(2);
}
