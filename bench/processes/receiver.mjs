// One of several processes that share out the sessions of W8. Counts what each session receives.
import { Control } from '../lib/control.mjs';

const { system: name, endpoint, sessions } = JSON.parse(process.argv[2]);
const system = await import(`../systems/${name}.mjs`);
const clients = [];
let received = 0;
let expected = Infinity;
let arrived;

const handle = () => {
  if (++received >= expected) arrived();
};

new Control(process.stdin, process.stdout, {
  async connect() {
    for (let i = 0; i < sessions; i++) {
      const client = await system.connect(endpoint);
      await client.listen(handle);
      clients.push(client);
    }
  },
  async received(events) {
    await new Promise((resolve) => {
      expected = events * sessions;
      arrived = resolve;
      if (received >= expected) resolve();
    });
    received = 0;
    expected = Infinity;
  },
});
process.stdin.on('end', () => process.exit());
