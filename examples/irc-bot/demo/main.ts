// npm run demo: a bot is killed and replaced, and nobody in the channel sees it leave.
import { parseArgs } from 'node:util';
import { describeSaves, measureSaves } from './measure.js';
import { play } from './story.js';

const { values } = parseArgs({ options: { server: { type: 'string' }, saves: { type: 'string' }, help: { type: 'boolean' } } });

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130));

if (values.help === true) {
  console.log("npm run demo [-- --server host:port]    on a real IRC network instead of the demo's own server");
  console.log('npm run demo -- --saves 20              how long a save takes until the new version answers');
} else if (values.saves !== undefined) {
  console.log(describeSaves(await measureSaves(Number(values.saves))));
} else {
  process.exitCode = await play(values.server).then(
    (proved) => (proved ? 0 : 1),
    (error: Error) => {
      console.error(`\nThe story broke off: ${error.message}`);
      return 1;
    },
  );
}
