import { planOf } from './plan.js';
import { run } from './run.js';
const [from, count, verbose] = process.argv.slice(2).map(Number) as [number, number, number];
let messages = 0, failed = 0;
const t = performance.now();
process.on('unhandledRejection', (e) => console.log('UNHANDLED', e));
const kinds = new Map<string, [number, number]>();
for (let seed = from; seed < from + count; seed++) {
  const world = await run(planOf(seed), verbose ? console.log : undefined);
  messages += world.messages;
  if (world.problems.length) { failed++; const p = world.problems[0]!; const k = p.count + ': ' + p.what.replace(/\d+/g, 'N').slice(0, 160).split('\n')[0]; const e = kinds.get(k); if (e) e[0]++; else kinds.set(k, [1, seed]); }
}
const s = (performance.now() - t) / 1000;
console.log({ seeds: count, failed, perSecond: Math.round(count / s), messages: messages / count });
for (const [k, [n, seed]] of [...kinds].sort((a, b) => b[1][0] - a[1][0]).slice(0, 12)) console.log(n, 'seed', seed, k);
process.exit(0);
