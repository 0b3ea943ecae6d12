const FILES = {
  W1: 'w1-latency', 'W1 unpinned': 'w1-latency', W2: 'w2-calls', W3: 'w3-events', W4: 'w4-large', W5: 'w5-callbacks', W6: 'w6-heap',
  // W7, HTTP, has a place here.
  W8: 'w8-sessions', W9: 'w9-blocking', 'W9 unpinned': 'w9-blocking', W10: 'w10-cold', 'W11 references': 'w11-growth', 'W11 sessions': 'w11-growth',
};

/** The names of all workloads, in the order of the table. */
export const WORKLOADS = Object.keys(FILES);

/**
 * A workload: `measures` (the rows that it fills: key, title, unit, whether higher is better, which floor it is held against),
 * `needs` (the operations a system must have), `heldAgainst` (a peer that dynobot is held against, beside the floors),
 * `quickForAll` (whether the quick form has time for all systems, not only for dynobot and what it is held against),
 * `quickOnce` (whether it has time for one round only), `quickLast` (whether all others come before it, since it takes long),
 * `deadline` and `quickDeadline` (how many milliseconds one trial may take), and `run`, which gives a value for each key.
 */
export async function workloadNamed(name) {
  const { default: workload } = await import(`./${FILES[name]}.mjs`);
  return typeof workload === 'function' ? workload(name) : workload;
}
