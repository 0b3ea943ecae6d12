/** What `bench:check` measures: dynobot beside its floors, small, in several rounds. */
export const CHECKED = {
  workloads: ['W1', 'W2', 'W3', 'W4', 'W5', 'W6', 'W8'],
  systems: ['raw', 'hand-json', 'hand-msgpackr', 'dynobot'],
  transport: 'unix',
  quick: true,
  rounds: 5,
  budget: Infinity,
};

export const TOLERATED_LOSS = 0.15;

/** The ratios of dynobot to its floors, by measure. */
export function ownRatios(rows) {
  const own = rows.filter((row) => row.system === 'dynobot');
  return Object.fromEntries(own.map((row) => [row.workload, { ratio: row.floorRatio ?? row.ratio, better: row.better }]));
}

/** Measures that have lost more than is tolerated against what they once had; by how much. */
export function losses(before, now) {
  const lost = [];
  for (const [workload, { ratio, better }] of Object.entries(before)) {
    if (ratio === null || ratio === undefined) continue;
    const present = now[workload]?.ratio ?? null;
    const loss = present === null ? 1 : better === 'higher' ? 1 - present / ratio : present / ratio - 1;
    if (loss > TOLERATED_LOSS) lost.push({ workload, before: ratio, now: present, loss });
  }
  return lost;
}
