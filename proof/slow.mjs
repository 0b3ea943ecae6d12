// npm run proof:slow: one reader stops. How much waits for it, and do its neighbours notice?
import { Child, eventually, freshName, memory, percentile, rounded } from './lib/process.mjs';
import { prove } from './lib/proof.mjs';

const QUEUE = 8 * 1024 * 1024;
const SIZE = 2_000;

/** The slowest percent of the neighbours' calls while one reader reads, and while it does not, in turns. */
async function play(slowReader, { rounds, milliseconds }) {
  const name = freshName();
  const host = await Child.start('host', { HOST: name, OPTIONS: { slowReader, limits: { queue: QUEUE, heartbeat: 0 } } });
  const neighbours = await Promise.all(Array.from({ length: 2 }, () => Child.start('client', { HOST: name })));
  await Promise.all(neighbours.map((one) => one.ask('plug')));
  const pace = async () => Math.max(...(await Promise.all(neighbours.map((one) => one.ask('pace', milliseconds)))).map(({ p99 }) => p99));
  const ratios = [];
  let growth = 0;
  let ended = 0;
  for (let round = 0; round < rounds; round++) {
    const reader = await Child.start('client', { HOST: name, OPTIONS: { reconnect: false } });
    await reader.ask('listen');
    await host.ask('emit', 1, SIZE);
    const before = await pace();
    const rss = memory(host.pid);
    reader.signal('SIGSTOP');
    let peak = 0;
    const watch = setInterval(() => (peak = Math.max(peak, memory(host.pid) - rss)), 50);
    const during = await pace();
    const gone = [];
    const isFull = async () => {
      gone.push(...(await host.ask('ended')).filter(({ reason }) => reason === 'ERR_DYNOBOT_LIMIT_QUEUE'));
      return gone.length > 0 || (await host.ask('report')).dropped > 0;
    };
    await eventually(isFull, 30_000);
    clearInterval(watch);
    growth = Math.max(growth, peak);
    ratios.push(during / before);
    await host.ask('emit', 0);
    ended += gone.length;
    reader.signal('SIGCONT');
    await reader.kill();
    await eventually(async () => (await host.ask('report')).sessions === neighbours.length);
  }
  const result = { ratio: rounded(percentile(ratios, 0.5), 2), growth: rounded(growth), ended };
  await Promise.all([...neighbours, host].map((one) => one.kill()));
  return result;
}

await prove('slow', async ({ short, figures }) => {
  const plan = short ? { rounds: 1, milliseconds: 1_500 } : { rounds: 5, milliseconds: 5_000 };
  const disconnect = await play('disconnect', plan);
  const dropping = await play('drop-oldest', plan);
  figures.figure('queueMB', QUEUE / 2 ** 20);
  figures.figure('rounds', plan.rounds * 2);
  figures.zero('notDisconnected', plan.rounds - disconnect.ended);
  figures.zero('disconnectedThoughDropping', dropping.ended);
  // The bound, and what V8 and the system keep of strings that were sent.
  figures.atMost('growthMB', Math.max(disconnect.growth, dropping.growth), 12 * (QUEUE / 2 ** 20), ' MB');
  const ratios = { neighboursP99Disconnect: disconnect.ratio, neighboursP99DropOldest: dropping.ratio };
  for (const [figure, ratio] of Object.entries(ratios)) {
    // In the short form, one slow moment of the machine is most of the slowest percent.
    if (short) figures.figure(figure, ratio);
    else figures.atMost(figure, ratio, 1.2, ' times');
  }
});
