// npm run proof:sim: seeds of the simulation a minute, and in all.
import { spawnSync } from 'node:child_process';
import { prove } from './lib/proof.mjs';

await prove('sim', async ({ short, seed, figures }) => {
  const seconds = short ? 15 : 300;
  // It ends with 1 if it finds something: then the figures tell.
  const { stdout: text } = spawnSync(process.execPath, ['sim/start.mjs', 'main', '--json', '--seed', String(seed), '--seconds', String(seconds)], { cwd: new URL('..', import.meta.url), encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  const { seeds, messages, seconds: took, failed, unsettled, leaks, premature, misordered, listeners, errors } = JSON.parse(text.trim().split('\n').at(-1));
  figures.figure('seeds', seeds);
  figures.figure('seedsPerMinute', Math.round((seeds / took) * 60));
  figures.figure('messages', messages);
  for (const [name, count] of Object.entries({ unsettled, leaks, premature, misordered, listeners, errors })) figures.zero(name, count, `npm run sim -- --seed ${failed} --seeds 1`);
});
