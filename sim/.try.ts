import { planOf } from './plan.js';
import { run } from './run.js';
const t = process.cpuUsage();
for (let s = 1; s < 6000; s++) await run(planOf(s));
const u = process.cpuUsage(t);
console.log('cpu ms/seed', (u.user + u.system) / 1000 / 6000);
process.exit(0);
