// One trial: starts the host, runs one workload through one system against it, and prints what came out.
import { HostProcess } from '../lib/host-process.mjs';
import { workloadNamed } from '../workloads/index.mjs';

const task = JSON.parse(process.argv[2]);
const host = new HostProcess(task);
const [system, workload] = await Promise.all([import(`../systems/${task.system}.mjs`), workloadNamed(task.workload)]);
await host.ready();
const outcome = await workload.run({
  task,
  host,
  connect: () => system.connect(host.endpoint),
  size: (full, quick) => (task.quick ? quick : full),
});
process.stdout.write(`\n${JSON.stringify({ outcome })}\n`, () => process.exit());
