import { pairedRatio, summary } from '../../lib/statistics.mjs';
import { USUAL } from '../systems/index.mjs';
import { Trial } from './trial.mjs';

/** Measures everything: A B C, A B C …, so that whatever else the machine does hits all of them. */
export async function measure(measures, { seconds, rounds }) {
  const values = new Map();
  const failures = new Map();
  for (let round = 0; round < rounds; round++) {
    for (const { key, app, systems = USUAL, run } of measures) {
      for (const system of systems) {
        if (process.stderr.isTTY) process.stderr.write(`\x1b[2K\rround ${round + 1}  ${key}  ${system}\r`);
        try {
          const value = await trial(system, app, (port) => run(port, { seconds }));
          const place = `${key}|${system}`;
          values.set(place, (values.get(place) ?? new Map()).set(round, value));
        } catch (error) {
          failures.set(`${key}|${system}`, error.message);
        }
      }
    }
  }
  return measures.flatMap((about) => (about.systems ?? USUAL).map((system) => row(about, system, values, failures)));
}

async function trial(system, app, run) {
  const running = await Trial.start(system, app);
  try {
    return await run(running.port);
  } finally {
    await running.stop();
  }
}

function row({ key, title, unit, atLeast, atMost }, system, values, failures) {
  const place = { measure: key, system, title, unit, atLeast, atMost };
  const rounds = values.get(`${key}|${system}`);
  const failed = failures.get(`${key}|${system}`);
  if (rounds === undefined) return { ...place, value: null, ratio: null, failed };
  const ratio = pairedRatio(rounds, values.get(`${key}|in-process`));
  return { ...place, ...summary([...rounds.values()]), ratio: ratio ?? null, rounds: rounds.size, ...(failed === undefined ? {} : { failed }) };
}
