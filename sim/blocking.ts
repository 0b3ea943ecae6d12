// npm run sim:blocking [-- <seeds> <first seed>]: several clients that block, and wait for each other, in every order.
import { playBlocking } from './blocking/run.js';

const [seeds = '2000', first = String(Math.floor(Math.random() * 2 ** 31))] = process.argv.slice(2);
const began = performance.now();
for (let seed = Number(first); seed < Number(first) + Number(seeds); seed++) {
  const problems = await playBlocking(seed);
  if (problems.length === 0) continue;
  console.log(`npm run sim:blocking -- 1 ${seed}\n${problems.slice(0, 5).join('\n')}`);
  process.exit(1);
}
console.log(`${seeds} runs from ${first}: nothing wrong, in ${Math.round(performance.now() - began)} ms`);
process.exit();
