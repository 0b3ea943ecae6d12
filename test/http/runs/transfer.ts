import { createHash } from 'node:crypto';
import { request, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { growth, Stage } from './stage.js';

const CHUNK = Buffer.alloc(64 * 1024, 'abcdefgh');
const PER_MIB = 16;

export interface Transfer {
  /** MiB by which each process has grown. */
  growth: { host: number; handler: number };
  /** MiB in a second. */
  rate: number;
  isWhole: boolean;
}

/** A long body up, and a long body down, through the host to a handler in another process. */
export async function transfer(mib: number): Promise<Record<'up' | 'down', Transfer>> {
  const stage = await Stage.open();
  const processes = [stage.host, await stage.handle()];
  const run = async (work: (stage: Stage, mib: number) => Promise<boolean>): Promise<Transfer> => {
    // What a process needs for the first bytes is not growth.
    await work(stage, 8);
    const start = performance.now();
    let isWhole = false;
    const [host, handler] = await growth(processes, async () => (isWhole = await work(stage, mib)));
    return { growth: { host: host!, handler: handler! }, rate: Math.round((mib * 1000) / (performance.now() - start)), isWhole };
  };
  try {
    return { up: await run(upload), down: await run(download) };
  } finally {
    await stage.close();
  }
}

async function upload({ port }: Stage, mib: number): Promise<boolean> {
  const hash = createHash('sha1');
  const body = function* (): Generator<Buffer> {
    for (let i = 0; i < mib * PER_MIB; i++) {
      hash.update(CHUNK);
      yield CHUNK;
    }
  };
  const client = request({ port, path: '/up', method: 'POST', agent: false });
  const answered = once(client, 'response') as Promise<[IncomingMessage]>;
  await pipeline(Readable.from(body()), client);
  const [response] = await answered;
  const { length, sha1 } = JSON.parse(await text(response)) as { length: number; sha1: string };
  return length === mib * PER_MIB * CHUNK.length && sha1 === hash.digest('hex');
}

async function download({ port }: Stage, mib: number): Promise<boolean> {
  const client = request({ port, path: '/down', agent: false, headers: { 'x-mib': mib } }).end();
  const [response] = (await once(client, 'response')) as [IncomingMessage];
  let length = 0;
  for await (const chunk of response) length += (chunk as Buffer).length;
  return length === mib * PER_MIB * CHUNK.length;
}
