// Started afresh for every measurement of W10.
const { system: name, endpoint } = JSON.parse(process.argv[2]);
const begun = performance.now();
const system = await import(`../systems/${name}.mjs`);
const imported = performance.now();
const client = await system.connect(endpoint);
await client.add(1, 2);
const answered = performance.now();
process.stdout.write(`\n${JSON.stringify({ imported: imported - begun, answered: answered - imported })}\n`, () => process.exit());
