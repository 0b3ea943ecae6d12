import { PRINCIPALS, hindrance } from '../systems/index.mjs';
import { workloadNamed } from '../workloads/index.mjs';

/**
 * What is to be measured: for each workload the systems in their order, with the measures that each can have, and for the
 * others the reason why not.
 */
export async function makePlan({ workloads, systems, transport }) {
  const steps = [];
  for (const name of workloads) {
    const workload = await workloadNamed(name);
    if (workload.transports !== undefined && !workload.transports.includes(transport)) continue;
    steps.push({ workload, entries: systems.filter((system) => workload.systems?.includes(system) ?? true).map((system) => entry(workload, system, transport)) });
  }
  return steps;
}

function entry(workload, system, transport) {
  const able = [];
  const unable = new Map();
  for (const measure of workload.measures) {
    const why = hindrance(system, { needs: measure.needs ?? workload.needs, transport });
    if (why === undefined) able.push(measure.key);
    else unable.set(measure.key, why);
  }
  return { system, able, unable, principal: PRINCIPALS.includes(system) || workload.heldAgainst === system };
}
