// npm run sim:mutants [-- <part of a name, or roles/>]: seeds known bugs one by one. The simulation must catch each of them.
import { ofCalls } from './mutants/calls.js';
import { hunt, type Catch } from './mutants/hunt.js';
import { ofListeners } from './mutants/listeners.js';
import type { Mutant } from './mutants/mutant.js';
import { ofReferences } from './mutants/references.js';
import { ofRoles } from './mutants/roles.js';
import { Workshop } from './mutants/workshop.js';

/** Within so many seconds. */
const SECONDS = 20;
/** So many are hunted at a time. */
const HUNTERS = 2;

const wanted = process.argv[2] ?? '';
const mutants = [...ofReferences, ...ofCalls, ...ofListeners, ...ofRoles].filter(({ name, file }) => name.includes(wanted) || file.startsWith(wanted));

async function main(): Promise<void> {
  const workshop = new Workshop();
  try {
    for (const mutant of mutants) workshop.check(mutant);
    const survivors = await huntAll(workshop);
    process.stdout.write(`${mutants.length - survivors} of ${mutants.length} mutants caught\n`);
    if (survivors > 0) process.exitCode = 1;
  } finally {
    workshop.clear();
  }
}

async function huntAll(workshop: Workshop): Promise<number> {
  const queue = [...mutants];
  let survivors = 0;
  const hunter = async (): Promise<void> => {
    for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
      const caught = await hunt(workshop.make(mutant), SECONDS, ofRoles.includes(mutant) ? 'roles' : 'sessions');
      if (caught.by === undefined) survivors++;
      process.stdout.write(row(mutant, caught));
    }
  };
  await Promise.all(Array.from({ length: HUNTERS }, hunter));
  return survivors;
}

function row({ name }: Mutant, { seeds, seconds, by }: Catch): string {
  return `${name.padEnd(86)} ${by === undefined ? 'SURVIVES' : by.padEnd(10)} ${String(seeds).padStart(6)} seeds ${seconds.toFixed(1).padStart(5)} s\n`;
}

await main();
