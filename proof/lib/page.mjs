// docs/proof.md: what each proof shows, with the figures of its latest run.
const INTRO = `# Proof

What dynobot withstands, with figures from commands that anyone can run. Each command ends in under ten minutes on two
cores, prints one line of figures, writes it as JSON, and fails when a figure that must be zero is not. \`-- --short\`
takes some seconds. \`npm run proof\` runs all in the short form and writes this page from the latest run of each.

The figures are of the machine, commit and Node version that stand below them. A short form on a machine that is busy
with other things shows that nothing breaks; its times say little.
`;

const ABOUT = {
  fuzz: ['Hostile frames', `Hostile frames from many generators (random, mutated, cut short, cut anywhere, replayed, deep, wide, with wrong ids,
lies in lengths and counts) go to hosts as fast as these can listen; others come as bytes over real sockets. Meanwhile a
neighbour calls the same host and hears numbered events. Afterwards the tables must be empty, and the prototypes of the
language as they were. Then fuzzing is led by what it reaches: V8 counts the blocks of dynobot that run, and what reaches a new
one is kept and varied (\`test/fuzz/corpus/reached.json\`; a run writes what it adds to \`proof/results/corpus.json\`). At last
fast-check sends data of its making, in pieces of its choosing, and wants the same back.`],
  reach: ['Reach', `Every name of everything that is built in, every well-known symbol's, and fuzzed paths, by each operation (and by some that
there are not), on objects, functions, classes, narrowed objects, what calls hand out, and what works behind streams,
promises and iterators. What answers must have been declared. Known escapes of other systems are cases of their own.`],
  limits: ['Limits', `Each limit at it, one over it, and set otherwise, with a neighbour that must not notice. Then attacks, each on a fresh host:
its memory at the highest, in MB, must stay below 600.`],
  kill: ['Killed clients, killed hosts', `SIGKILL, while calls, events, streams, iterators and handovers in a role are under way; one in four is a client that blocks.
\`system\` is when a plain socket of the same process told of its death: nobody can know earlier. Then hosts are killed under
clients that call them; every call must settle, and every client plugs in again by itself when the host is back. Those that
block, and stand still at that moment, must be thrown \`ERR_DYNOBOT_DISCONNECTED\`, and nothing else.`],
  slow: ['Slow readers', `One client stops reading while the host goes on sending to it. Its queue is bounded (\`limits.queue\`), by \`disconnect\`
and by \`drop-oldest\`. \`neighboursP99\` is the slowest percent of others' calls while it does not read, as a multiple of
what it was while it did.`],
  stop: ['Peers that have stopped', `Found by heartbeats within \`limits.heartbeat\`, a quarter more or less, on each transport: SIGSTOP over unix sockets, TCP,
IPC and pipes; a TCP connection that is half open, since what is between the two drops all and closes nothing; a Worker whose
event loop is blocked for good; and a stopped host, as its clients find it. Others block their event loop for half of that
time, and must not be found.`],
  soak: ['Soak', `Half of the calls that the host can take, while clients come, leave and are killed, callbacks and objects become garbage, and a
role changes hands.`],
  events: ['Events', `Numbered events to four clients over each transport.`],
  sim: ['Simulation', `Seeded sessions of two and three processes, with delays, cuts and garbage collections at any moment.`],
};

const WHERE = ['form', 'seconds', 'seed', 'commit', 'node', 'machine', 'date'];
const HIDDEN = new Set([...WHERE, 'proof', 'bounds', 'broken']);

const shown = (value) => (typeof value === 'number' ? value.toLocaleString('en', { maximumFractionDigits: 2 }) : typeof value === 'object' ? Object.entries(value).map(([name, part]) => `${name}: ${shown(part)}`).join('; ') : String(value));
const words = (name) => name.replaceAll(/([A-Z]+|\d+)/g, (part) => ` ${part.length > 1 ? part : part.toLowerCase()}`).trim();

function section(result) {
  const [title, about] = ABOUT[result.proof];
  const rows = Object.entries(result).filter(([name]) => !HIDDEN.has(name)).map(([name, value]) => `| ${words(name)} | ${shown(value)} | ${result.bounds[name] ?? ''} |`);
  const { form, seconds, seed, commit, node, machine, date, broken } = result;
  const verdict = broken.length === 0 ? '' : `\n**Failed:** ${broken.map((one) => one.split('\n')[0].slice(0, 300)).join('; ')}\n`;
  return `## ${title}\n\n\`npm run proof:${result.proof}\`. ${about}\n\n| figure | value | bound |\n| --- | --- | --- |\n${rows.join('\n')}\n${verdict}\n${form === 'short' ? 'Short form' : 'Long form'}, ${seconds} s, seed ${seed}, commit ${commit}, Node ${node}, ${machine}, ${date}.\n`;
}

const OUTRO = `## What failed, and is kept

Frames that have broken something are in \`test/fuzz/corpus/found.ts\`, each with what it did; sessions that together reach all that fuzzing has ever
reached are beside it. Both are played by \`npm test\`.

## What is not shown

Everything here runs on one machine, on Linux. Connections are made half open by a process in between, not by pulling a
cable. Windows is not tested.
`;

export function page(results) {
  return [INTRO, ...results.map(section), OUTRO].join('\n');
}
