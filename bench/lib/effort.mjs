/** Microseconds of processor time that this process has used. */
export function processorTime() {
  const { user, system } = process.cpuUsage();
  return user + system;
}

/** Runs `work`, and notes what each side's processor spent on one of its steps: on a busy machine steadier than the rate. */
export async function withEffort(host, work) {
  const before = [processorTime(), await host.ask('processorTime')];
  const { done, rate } = await work();
  const after = [processorTime(), await host.ask('processorTime')];
  const [client, hosting] = after.map((time, side) => (time - before[side]) / done);
  return { done, rate, notes: { processorClient: client, processorHost: hosting } };
}
