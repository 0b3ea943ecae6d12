import { writeFileSync } from 'node:fs';
import { machine } from '../../lib/machine.mjs';
import { versionOf } from '../../lib/peers.mjs';
import { asMarkdown } from './table.mjs';

const DOCUMENT = new URL('../../../docs/performance-http.md', import.meta.url);

/** Writes the page of figures. */
export function writeDocument(rows) {
  const { processors, memory, system, node, commit, date } = machine();
  writeFileSync(DOCUMENT, `# Performance of HTTP

Written by \`npm run bench:http -- --write\`, not by hand. Everything was measured in one run, in turn, ${rows[0]?.rounds ?? 0} times:
commit ${commit}, Node ${node}, ${date}, ${processors}, ${memory}, ${system}.

The server is one process, the handler another, and what makes the load (autocannon ${versionOf('autocannon')}) a third. So on two
processors they take each other's time, and the ratios are worse than with a processor for each. For the delays, requests are
sent at even intervals by a process that sleeps between them. *One process* is the same
handler in the server's own process. *http-proxy-3* ${versionOf('http-proxy-3')} stands in front of a handler that is an HTTP server of its own.
*JSON lines by hand* forwards method, URL, headers and a whole body of text, and has none of HTTP's semantics.
With *--no-parallel-scavenge* V8 collects new garbage without helper threads, for which the whole process waits while others have the processors.

${asMarkdown(rows)}
`);
}
