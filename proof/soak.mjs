// npm run proof:soak: minutes at half of what the host can do, while clients, references and turns in a role come and go.
import { setTimeout as pause } from 'node:timers/promises';
import { Child, eventually, freshName, rounded } from './lib/process.mjs';
import { prove } from './lib/proof.mjs';

/** Megabytes a minute, by least squares. */
function slope(samples) {
  const n = samples.length;
  const meanX = samples.reduce((sum, { at }) => sum + at, 0) / n;
  const meanY = samples.reduce((sum, { heap }) => sum + heap, 0) / n;
  const over = samples.reduce((sum, { at, heap }) => sum + (at - meanX) * (heap - meanY), 0);
  const under = samples.reduce((sum, { at }) => sum + (at - meanX) ** 2, 0);
  return under === 0 ? 0 : (over / under) * 60;
}

await prove('soak', async ({ short, figures }) => {
  const seconds = short ? 15 : 480;
  const name = freshName();
  const host = await Child.start('host', { HOST: name });
  const start = await host.ask('report');
  const steady = await Child.start('soaker', { HOST: name });
  // What it can do at most, and then half of that.
  const most = await steady.ask('measure', short ? 1_500 : 5_000);
  await steady.ask('load', most / 2);
  await host.ask('emit', 1);
  const began = performance.now();
  const elapsed = () => (performance.now() - began) / 1000;
  const samples = [];
  const delays = [];
  let clients = 0;
  let stuck = 0;
  /** Ends with those that did not end by themselves. */
  const inTime = async (work, those) => {
    if ((await Promise.race([work.then(() => 'done', () => 'failed'), pause(20_000, 'late')])) !== 'done') stuck++;
    await Promise.all(those.map((client) => client.kill()));
  };
  const churn = (async () => {
    while (elapsed() < seconds) {
      // A client that leaves in order, one that is killed, and one that takes a turn in the role.
      const fresh = await Promise.all([0, 1, 2].map(() => Child.start('client', { HOST: name })));
      clients += fresh.length;
      await inTime((async () => {
        await Promise.all(fresh.map((client, i) => client.ask('burden', { role: i === 2, calls: 5, listeners: 20, references: 200 })));
        await pause(500);
        await fresh[0].ask('close');
      })(), fresh);
    }
  })();
  while (elapsed() < seconds) {
    await pause(short ? 1_000 : 5_000);
    await host.ask('drop');
    const { heap, rss } = await host.ask('memory');
    samples.push({ at: elapsed(), heap: rss / 1e6, live: heap / 1e6 });
    delays.push(await host.ask('delay'));
  }
  await churn;
  const calls = await steady.ask('stop');
  await host.ask('emit', 0);
  await steady.kill();
  let end;
  const back = await eventually(async () => {
    await host.ask('drop');
    await host.ask('memory');
    end = await host.ask('report');
    return ['sessions', 'exports', 'imports', 'calls', 'answers', 'listeners', 'attached'].every((table) => end[table] === start[table]);
  });
  const world = await host.ask('world');
  // What the first part leaves is compiled code and tables that keep their size.
  const late = samples.slice(Math.floor(samples.length / 3));
  figures.figure('seconds', rounded(elapsed(), 0));
  figures.figure('callsPerSecond', Math.round(most / 2));
  figures.figure('calls', calls);
  figures.figure('clients', clients);
  figures.zero('tablesNotBack', back ? 0 : 1, JSON.stringify(end));
  figures.zero('stuckClients', stuck);
  figures.zero('hostErrors', world.uncaught + world.unhandled, world.first);
  const perMinute = rounded(slope(late), 2);
  const live = rounded(slope(late.map(({ at, live: heap }) => ({ at, heap }))), 2);
  figures.figure('rssStartMB', rounded(late[0]?.heap ?? 0, 0));
  figures.figure('rssEndMB', rounded(late.at(-1)?.heap ?? 0, 0));
  if (short) {
    figures.figure('rssMBPerMinute', perMinute);
    figures.figure('heapMBPerMinute', live);
  } else {
    figures.atMost('rssMBPerMinute', perMinute, 2, ' MB');
    figures.atMost('heapMBPerMinute', live, 0.5, ' MB');
  }
  figures.figure('loopDelayP99ms', rounded(delays.sort((a, b) => a - b)[Math.floor(delays.length / 2)] ?? 0, 1));
  await host.kill();
});
