// npm run proof:fuzz: hostile frames from many generators, while a neighbour uses the same host.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'dynobot';
import { Child, eventually, freshName } from './lib/process.mjs';
import { prove, RESULTS } from './lib/proof.mjs';
import { checkDecoder } from './lib/decoder.mjs';

/** Sessions that have reached code that those before them had not. A long run adds to them: see docs/proof.md. */
const CORPUS = new URL('../test/fuzz/corpus/reached.json', import.meta.url);

/** Calls and events of a session that does no harm: each answer must be right, each event the next. */
async function neighbour(name) {
  const connection = await connect(name, { name: 'neighbour' });
  connection.on('error', (error) => process.stderr.write(`neighbour: ${error.message}\n`));
  const { quiet, neighbourly } = connection.services;
  const seen = { calls: 0, wrong: 0, events: 0, misordered: 0 };
  let next;
  quiet.on('tick', (number) => {
    if (next !== undefined && number !== next) seen.misordered++;
    next = number + 1;
    seen.events++;
  });
  let going = true;
  const calling = Promise.all(Array.from({ length: 4 }, async () => {
    while (going) {
      const sent = seen.calls++;
      if ((await neighbourly.echo({ sent })).sent !== sent) seen.wrong++;
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }));
  return {
    connection,
    stop: async () => {
      going = false;
      await calling;
      return seen;
    },
  };
}

/** Fuzzing that is led by what of the code it reaches. What reached something new is kept beside the results. */
async function guide(seed, milliseconds, figures) {
  const host = await Child.start('fuzz-host', { HOST: freshName() });
  const corpus = JSON.parse(readFileSync(CORPUS, 'utf8'));
  const learned = await host.ask('guided', seed, milliseconds, corpus);
  const emptied = await eventually(async () => (await host.ask('report')).sessions.length === 0);
  const world = await host.ask('world');
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(new URL('corpus.json', RESULTS), `${[...corpus, ...learned.kept].map((session) => JSON.stringify(session)).join(',\n').replace(/^/, '[\n')}\n]\n`);
  figures.figure('guidedFrames', learned.frames);
  figures.figure('blocksReached', learned.reached);
  figures.figure('blocksReachedByTheCorpusAlone', learned.before);
  figures.figure('percentOfTheLoadedCode', Math.round(learned.share * 100));
  figures.figure('corpus', corpus.length);
  figures.figure('newForTheCorpus', learned.kept.length);
  figures.zero('guidedFailures', world.uncaught + world.unhandled + world.changed + (emptied ? 0 : 1), world.first);
  await host.kill();
}

await prove('fuzz', async ({ short, seed, figures }) => {
  const frames = short ? 150_000 : 5_200_000;
  const name = freshName();
  const host = await Child.start('fuzz-host', { HOST: name });
  const fuzzer = await Child.start('socket-fuzzer');
  const peaceful = await neighbour(name);
  const before = await host.ask('memory');
  const bytes = fuzzer.ask('fuzz', name, seed, short ? 4_000 : 60_000);
  // On the second core, the same without a neighbour.
  const other = await Child.start('fuzz-host', { HOST: freshName() });
  const both = await Promise.all([host, other].map((one, i) => one.ask('fuzz', seed + i, frames / 2, 400_000)));
  const total = both[0].total + both[1].total;
  const sessions = both[0].sessions + both[1].sessions;
  const counts = { ...both[0].counts, ...both[1].counts };
  const cut = await bytes;
  const neighbours = await peaceful.stop();
  await fuzzer.kill();
  const clean = { sessions: [{ client: 'neighbour', listeners: 1, calls: 0, answers: 0 }], attached: 0 };
  let report;
  const exact = await eventually(async () => {
    report = await host.ask('report');
    return report.sessions.length === 1 && report.sessions[0].listeners === 1 && report.sessions[0].calls === 0 && report.sessions[0].answers === 0 && report.attached === clean.attached;
  });
  const world = host.isRunning ? await host.ask('world') : { changed: 1, uncaught: 1, unhandled: 1, first: host.stderr };
  const after = host.isRunning ? await host.ask('memory') : 0;
  figures.atLeast('frames', total + cut, frames);
  figures.figure('sessions', sessions + cut);
  figures.figure('generators', Object.keys(counts).length);
  figures.figure('connections', cut);
  figures.zero('crashes', [host, other].filter((one) => !one.isRunning).length, host.stderr + other.stderr);
  const otherWorld = other.isRunning ? await other.ask('world') : world;
  const emptied = await eventually(async () => (await other.ask('report')).sessions.length === 0);
  figures.zero('uncaughtInOther', otherWorld.uncaught + otherWorld.unhandled + otherWorld.changed + (emptied ? 0 : 1), otherWorld.first);
  await other.kill();
  figures.zero('uncaught', world.uncaught, world.first);
  figures.zero('unhandled', world.unhandled, world.first);
  figures.zero('prototypesChanged', world.changed);
  figures.zero('tablesNotEmpty', exact ? 0 : 1, JSON.stringify(report));
  figures.figure('neighbourCalls', neighbours.calls);
  figures.figure('neighbourEvents', neighbours.events);
  figures.zero('neighbourWrong', neighbours.wrong);
  figures.zero('neighbourMisordered', neighbours.misordered);
  figures.zero('neighbourCutOff', peaceful.connection.connected ? 0 : 1);
  figures.figure('heapGrowthMB', Math.round((after - before) / 1e5) / 10);
  figures.figure('framesPerProcessorSecond', Math.round(total / (both[0].seconds + both[1].seconds)));
  await guide(seed, short ? 6_000 : 90_000, figures);
  const checked = await checkDecoder(seed, short ? 2_000 : 200_000);
  figures.figure('decoderRuns', checked.runs);
  figures.zero('decoderFailures', checked.failures, checked.first);
  await peaceful.connection.close();
  await host.kill();
});
