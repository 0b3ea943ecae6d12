import { once } from 'node:events';
import { Agent, request, type ClientRequest, type IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { text } from 'node:stream/consumers';
import type { TestProcess } from '../../support/test-process.js';
import { Stage } from './stage.js';

export interface Soak {
  requests: number;
  kills: number;
  /** What the processes had in hand when they were killed: answered with 502, or cut. */
  lost: { answered: number; cut: number };
  /** Anything else that was not answered as it should have been. */
  failed: string[];
  /** Connections that the server has seen, those that were cut with a killed process included. */
  opened: number;
  clients: number;
}

const CLIENTS = 20;
const LONG = 'x'.repeat(200_000);

/** Requests of all sorts, in turn. Each says what its answer must be. */
const MIX: { path: string; method?: string; body?: string; headers?: Record<string, string>; isRight(status: number, body: string): boolean }[] = [
  { path: '/who', isRight: (status, body) => status === 200 && body.startsWith('handler') },
  { path: '/up', method: 'POST', body: 'a short body', isRight: (status, body) => status === 200 && body.includes('"length":12') },
  { path: '/later', headers: { 'x-wait': '50' }, isRight: (status, body) => status === 200 && body.startsWith('handler') },
  { path: '/up', method: 'PUT', body: LONG, isRight: (status, body) => status === 200 && body.includes('"length":200000') },
  { path: '/down', headers: { 'x-mib': '1' }, isRight: (status, body) => status === 200 && body.length === 1024 * 1024 },
];

/**
 * Mixed traffic for so many seconds. Every second, the process that has the turn is killed, when another one is there and
 * waits for it.
 */
export async function soak(seconds: number, every = 1000): Promise<Soak> {
  const stage = await Stage.open();
  const result: Soak = { requests: 0, kills: 0, lost: { answered: 0, cut: 0 }, failed: [], opened: 0, clients: CLIENTS };
  // Before the first turn nobody would be there to hold requests for.
  let current = await stage.handle({ ROLE: 'web', WHO: 'handler 0' });
  const agent = new Agent({ keepAlive: true, maxSockets: CLIENTS });
  const end = performance.now() + seconds * 1000;
  let isOver = false;
  const clients = Array.from({ length: CLIENTS }, async (_, i) => {
    for (let n = i; !isOver; n++) await one(stage.port, agent, MIX[n % MIX.length]!, result);
  });
  try {
    while (performance.now() < end) {
      const next = await stage.handle({ ROLE: 'web', WHO: `handler ${result.kills + 1}`, INSTEAD: 'wait' });
      await pause(every);
      current = await succeed(stage, current, next);
      result.kills++;
    }
  } finally {
    isOver = true;
    await Promise.all(clients);
    result.opened = await stage.host.ask('opened');
    agent.destroy();
    await stage.close();
  }
  return result;
}

/** The process that has the turn is killed; the other one, which is there already, takes it. */
async function succeed(stage: Stage, current: TestProcess, next: TestProcess): Promise<TestProcess> {
  current.kill();
  await next.ask('begin');
  await current.exited;
  stage.handlers.splice(stage.handlers.indexOf(current), 1);
  return next;
}

async function one(port: number, agent: Agent, { path, method = 'GET', body, headers = {}, isRight }: (typeof MIX)[number], result: Soak): Promise<void> {
  result.requests++;
  const asked: ClientRequest = request({ port, path, method, agent, headers: body === undefined ? headers : { ...headers, 'Content-Length': body.length } });
  asked.on('error', () => {});
  asked.end(body);
  let begun = false;
  try {
    const [response] = (await once(asked, 'response')) as [IncomingMessage];
    begun = true;
    const answer = await text(response);
    if (response.statusCode === 502) result.lost.answered++;
    else if (!isRight(response.statusCode!, answer)) result.failed.push(`${method} ${path}: ${response.statusCode}, ${answer.length} bytes: ${answer.slice(0, 60)}`);
  } catch (error) {
    if (begun) result.lost.cut++;
    else result.failed.push(`${method} ${path}: ${(error as NodeJS.ErrnoException).code}`);
  }
}
