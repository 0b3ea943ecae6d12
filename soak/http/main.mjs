// npm run soak:http: mixed traffic on 50 connections that are kept alive, while every second a handler is killed, another having
// been plugged in before. Nothing may fail but what the killed process had in hand, and each of that got a 502 or was cut.
import { execFileSync } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { options } from './lib/options.mjs';
import { Process } from './lib/process.mjs';
import { randomFrom, Traffic } from './lib/traffic.mjs';

const CLIENTS = 50;
/** Milliseconds after a kill within which clients have heard of it. */
const HEARD = 1000;

const { seconds, seed, json } = options({ seconds: 120, seed: Date.now() % 1e9 });
const random = randomFrom(seed);
const name = `soak-${process.pid}`;
const start = () => Process.start('handler', name, 'web');

async function killEachSecond(first, until) {
  const kills = [];
  let handler = first;
  while (performance.now() < until) {
    const began = performance.now();
    const next = await start();
    await pause(random() * 100);
    kills.push({ pid: String(handler.pid), at: performance.now() });
    await handler.kill();
    handler = next;
    await pause(Math.max(0, 1000 - (performance.now() - began)));
  }
  return { kills, handler };
}

/**
 * The kill that took a request: it was in the hands of that process; or the answer before it on its connection was, which had
 * come to its length, but not to its end.
 */
function isOf({ pid, at }, loss) {
  const isOfConnection = loss.what === 'refused' && loss.isOnUsed;
  return (loss.pid === undefined || loss.pid === pid) && (loss.began <= at || isOfConnection) && loss.ended >= at && loss.ended <= at + HEARD;
}

function judge(losses, kills) {
  const explained = losses.filter((loss) => (loss.what === 502 || loss.what === 'cut' || (loss.what === 'refused' && loss.code === 'ECONNRESET')) && kills.some((kill) => isOf(kill, loss)));
  const failed = losses.filter((loss) => !explained.includes(loss));
  const count = (what) => explained.filter((loss) => loss.what === what).length;
  return { failed, badGateway: count(502), cut: count('cut') + count('refused'), closed: explained.filter(({ what, closes }) => what !== 502 || closes).length };
}

const host = await Process.start('host', name);
try {
  const port = await host.ask('port');
  const killing = killEachSecond(await start(), performance.now() + seconds * 1000);
  const traffic = new Traffic(port, CLIENTS, random);
  const { kills, handler } = await killing;
  await traffic.stop();
  const { failed, badGateway, cut, closed } = judge(traffic.losses, kills);
  const { opened } = await host.ask('connections');
  await handler.kill();
  const result = {
    seconds, requests: traffic.answered + traffic.losses.length, kills: kills.length, failed: failed.length, badGateway, cut,
    /** Connections beyond those that were there from the beginning and those that took the place of one that was cut. */
    reconnects: Math.max(0, opened - CLIENTS - closed), hostErrors: (await host.ask('errors')).length,
    seed, commit: commit(), node: process.version,
  };
  console.log(json ? JSON.stringify(result) : Object.entries(result).map(([what, value]) => `${what} ${value}`).join(', '));
  for (const loss of failed.slice(0, 10)) console.error('failed:', loss, kills);
  for (const error of (await host.ask('errors')).slice(0, 10)) console.error('host:', error);
  if (result.failed + result.reconnects + result.hostErrors > 0) process.exitCode = 1;
} finally {
  await host.kill();
}

function commit() {
  try {
    return execFileSync('git', ['rev-parse', '--short=10', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}
