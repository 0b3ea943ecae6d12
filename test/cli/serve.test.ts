import { once } from 'node:events';
import { Agent, createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Folder, type Command } from '../docs/folder.js';
import { eventually } from '../support/eventually.js';

const APPS: Record<string, string> = {
  'function.ts': 'export default (req: { url: string }, res: { end(text: string): void }) => res.end(`function ${req.url}`);',
  'commonjs.cjs': 'module.exports = (req, res) => res.end(`commonjs ${req.url}`);',
  'listen.mjs': 'import express from "express"; express().get("/a", (req, res) => res.send(`listen ${req.url}`)).listen(process.env.PORT);',
  'late.mjs': 'import { createServer } from "node:http"; setTimeout(() => createServer((req, res) => res.end(`late ${req.url}`)).listen({ port: +process.env.PORT }), 50);',
  'twice.mjs': 'import { createServer } from "node:http"; createServer((req, res) => res.end("metrics")).listen(0); createServer((req, res) => res.end(`twice ${req.url}`)).listen(process.env.PORT);',
  'both.cjs': 'const app = module.exports = require("express")(); app.get("/a", (req, res) => res.send(`both ${req.url}`)); app.listen(process.env.PORT);',
  'connect.mjs': 'import { connect } from "dynobot"; const { web } = (await connect()).services; web.on("request", (req, res) => res.end(`connect ${req.url}`));',
};

let folder: Folder;

beforeEach(() => {
  folder = new Folder('express', 'koa', 'fastify', 'hono', '@hono/node-server');
});
afterEach(() => folder.remove());

/** Serves a file, and gives the address as it is printed. */
async function serve(file: string, source: string, ...args: string[]): Promise<{ command: Command; url: string }> {
  folder.write(file, source);
  const command = folder.run(['npx dynobot serve --port 0', `./${file}`, ...args].join(' '));
  await eventually('whether it serves', () => /^serving .* at (\S+),/m.test(command.output), true);
  return { command, url: /^serving .* at (\S+),/m.exec(command.output)![1]! };
}

const ask = async (url: string): Promise<string> => (await fetch(url)).text();

describe('dynobot serve', () => {
  it.each(Object.entries(APPS))('runs an app that is %s', async (file, source) => {
    const { command, url } = await serve(file, source);
    expect(await ask(`${url}/a`)).toBe(`${file.split('.')[0]} /a`);
    command.kill('SIGTERM');
    expect(await command.ended).toBe(0);
  });

  it('keeps the connections of clients while the app is killed, and answers what comes in between by its successor', async () => {
    const { command, url } = await serve('app.mjs', 'export default (req, res) => res.end(String(process.pid));');
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const request = async (): Promise<{ body: string; reused: boolean; status: number }> => {
      const sent = get(url, { agent });
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      return { body: await text(response), reused: sent.reusedSocket, status: response.statusCode! };
    };
    const pids = [(await request()).body];
    for (let i = 0; i < 2; i++) {
      process.kill(Number(pids.at(-1)), 'SIGKILL');
      await eventually('whether it was heard of', () => command.output.split('starts again').length > pids.length, true);
      const { body, reused, status } = await request();
      expect({ reused, status }).toEqual({ reused: true, status: 200 });
      pids.push(body);
    }
    expect(new Set(pids).size).toBe(3);
    agent.destroy();
  });

  it('answers what it has in hand when it is told to end, and accepts nothing more', async () => {
    const { command, url } = await serve('slow.mjs', 'export default (req, res) => { res.write("begun "); setTimeout(() => res.end("done"), 300); };');
    const answer = await fetch(url);
    command.kill('SIGINT');
    expect(await answer.text()).toBe('begun done');
    expect(await command.ended).toBe(0);
    await expect(fetch(url)).rejects.toThrow();
  });

  it('plugs in what listens to the app\'s server after it has begun to listen', async () => {
    const source = `import { createServer } from "node:http";
      const server = createServer((req, res) => res.end("request")).listen(process.env.PORT, () => setTimeout(() => server.on("connect", (req, socket) => socket.end("HTTP/1.1 200 Connected\\r\\n\\r\\n")), 20));
      server.on("upgrade", (req, socket) => socket.end("HTTP/1.1 101 Switching\\r\\nConnection: Upgrade\\r\\nUpgrade: x\\r\\n\\r\\n"));`;
    const { url } = await serve('upgrades.mjs', source);
    expect(await ask(url)).toBe('request');
    const event = (options: object): Promise<string> => new Promise((resolve) => {
      const sent = get(url, { agent: false, ...options });
      for (const name of ['upgrade', 'connect', 'response'] as const) sent.on(name, (response: IncomingMessage) => resolve(`${name} ${response.statusCode}`));
      sent.on('error', ({ message }) => resolve(message));
    });
    expect(await event({ headers: { Connection: 'Upgrade', Upgrade: 'x' } })).toBe('upgrade 101');
    await eventually('what comes of CONNECT', () => event({ method: 'CONNECT', path: 'x:1' }), 'connect 200');
  });

  it('says so when the app listens on another port only', async () => {
    const { command, url } = await serve('elsewhere.mjs', 'import { createServer } from "node:http"; const server = createServer().listen(0, () => console.log(`at ${server.address().port}`));');
    await eventually('what is said', () => command.output.includes('by itself'), true);
    const port = /at (\d+)/.exec(command.output)![1];
    expect(command.output).toContain(`The app listens on port ${port} by itself, while dynobot serves port ${new URL(url).port}: requests wait there until`);
  });

  it.each([
    ['export default (;', 'SyntaxError'], ['function boom() { throw new TypeError("no database"); }\nboom();', 'TypeError: no database'],
    ['await Promise.reject(new Error("no database"));', 'Error: no database'], ['export default { ready: async () => { throw new Error("no plugin"); }, server: new (await import("node:http")).Server() };', 'Error: no plugin'],
    ['export default 5;', 'exports no app'], ['export const x = 1;', 'has ended without listening'], ['export default { fetch() {} };', 'That needs @hono/node-server'],
  ])('shows nothing of itself above or below a mistake of the app\'s: %s', async (source, message) => {
    await folder.remove();
    folder = new Folder();
    folder.write('app.mjs', source);
    const command = folder.run('npx dynobot serve --port 0 --no-watch ./app.mjs');
    await eventually('what is said', () => command.output.includes(message), true);
    command.kill('SIGTERM');
    await command.ended;
    expect(command.output).not.toMatch(/app-process|chunk-|\bdist\b|node_modules.dynobot/);
  });

  it.each([
    ['exports what is no app', 'export default 5;', /did not start: DynobotError: .* exports no app: its default export must be one of these/],
    ['ends without listening', 'export const x = 1;', /did not start: DynobotError: .* exports no app, and has ended without listening/],
    ['cannot be loaded', 'export default (;', /did not start: SyntaxError/],
  ])('says so when the script %s', async (_, source, message) => {
    folder.write('app.mjs', source);
    const command = folder.run('npx dynobot serve --port 0 --no-watch ./app.mjs');
    expect(await command.ended).toBe(1);
    expect(command.output).toMatch(message);
  });

  it('takes over what is saved, without a failed request, and stays with the old version if the new one is broken', async () => {
    const version = (what: string): string => `export default (req, res) => res.end(${what});`;
    const { command, url } = await serve('app.mjs', version('"one"'), '--watch');
    const seen: string[] = [];
    let isOver = false;
    const client = (async () => {
      while (!isOver) {
        const answer = await ask(url);
        if (seen.at(-1) !== answer) seen.push(answer);
      }
    })();
    await eventually('what is answered', () => seen.at(-1), 'one');
    folder.write('app.mjs', version('"two"'));
    await eventually('what is answered', () => seen.at(-1), 'two');
    folder.write('app.mjs', version('('));
    await eventually('whether the broken one was tried', () => /v3 .*did not start/.test(command.output), true);
    folder.write('app.mjs', version('"four"'));
    await eventually('what is answered', () => seen.at(-1), 'four');
    isOver = true;
    await client;
    expect(seen).toEqual(['one', 'two', 'four']);
  });

  it.each([1, 14])('gives a replaced process %i s for what it has in hand, and tells how to give it longer', { timeout: 60_000 }, async (seconds) => {
    const source = (version: number): string => `let begin;
      export default { request(req, res) { if (req.url === "/new") return res.end("${version}"); res.write("data: ${version}\\n\\n"); const beat = setInterval(() => res.write("data: on\\n\\n"), 100); res.on("close", () => clearInterval(beat)); },
        upgrade(req, socket) { socket.on("error", () => {}).write("HTTP/1.1 101 Switching\\r\\nConnection: Upgrade\\r\\nUpgrade: x\\r\\n\\r\\n"); } };`;
    const { command, url } = await serve('stream.mjs', source(1), '--watch', '--drain', String(seconds));
    expect(await ask(`${url}/new`)).toBe('1');
    const upgraded = get(url, { agent: false, headers: { Connection: 'Upgrade', Upgrade: 'x' } });
    const [, socket] = (await once(upgraded, 'upgrade')) as [IncomingMessage, Socket];
    const ends: number[] = [];
    const [response] = (await once(get(`${url}/stream`, { agent: false }), 'response')) as [IncomingMessage];
    for (const stream of [response, socket]) stream.on('error', () => {}).once('close', () => ends.push(performance.now())).resume();
    folder.write('stream.mjs', source(2));
    await eventually('what answers', () => ask(`${url}/new`), '2');
    const replaced = performance.now();
    await eventually('how many have ended', () => ends.length, 2, (seconds + 10) * 1000);
    for (const end of ends) {
      expect(end - replaced).toBeGreaterThan(seconds * 1000 - 900);
      expect(end - replaced).toBeLessThan(seconds * 1000 + 2000);
    }
    await eventually('what is said', () => /still answering 2 requests .*: --drain <seconds> gives it longer/.test(command.output), true);
    expect(command.output).toMatch(/its turn as web was over, and it had not finished what it had in hand \d+ ms later \(the role's option drain\): it is cut off/);
    expect(command.output).not.toMatch(/was killed/);
  });

  it('ends within --drain when it is told to, whatever is in hand', async () => {
    const { command, url } = await serve('endless.mjs', 'export default (req, res) => res.write("begun");', '--drain', '1');
    const [response] = (await once(get(url, { agent: false }), 'response')) as [IncomingMessage];
    response.on('error', () => {}).resume();
    const told = performance.now();
    command.kill('SIGTERM');
    expect(await command.ended).toBe(0);
    expect(performance.now() - told).toBeLessThan(4000);
  });

  it.each(['x', '-1', '1e12', '""'])('refuses --drain %s', async (seconds) => {
    folder.write('app.mjs', 'export default () => {};');
    const command = folder.run(`npx dynobot serve --port 0 --drain=${seconds.replaceAll('"', '')} ./app.mjs`);
    expect(await command.ended).toBe(2);
    expect(command.output).toMatch(/error: --drain takes seconds, not/);
  });

  it('says which process has its name already, and how to take another', async () => {
    const { command, url } = await serve('app.mjs', 'export default (req, res) => res.end("first");');
    expect(await ask(url)).toBe('first');
    const second = folder.run('npx dynobot serve --port 0 ./app.mjs');
    expect(await second.ended).toBe(1);
    expect(second.output).toMatch(/^error: Process \d+ hosts app already\. Stop it, or choose another --name\. \(ERR_DYNOBOT_NAME_TAKEN\)\n$/);
    const third = folder.run('npx dynobot serve --port 0 --name other ./app.mjs');
    await eventually('whether it serves', () => third.output.includes('hosted as web of other'), true);
    expect(command.output).not.toContain('error');
  });

  it('says once, whole and with its code what an app is', async () => {
    folder.write('app.mjs', 'export const x = 1;');
    const command = folder.run('npx dynobot serve --port 0 --no-watch ./app.mjs');
    expect(await command.ended).toBe(1);
    expect(command.output.match(/exports no app/g)).toHaveLength(1);
    expect(command.output).toMatch(/did not start: DynobotError: .*: a function \(req, res\).*or connect\(\) to its host itself\. \(ERR_DYNOBOT_APP\) \(exit code 1\)\n/);
  });

  it('runs an app that plugs itself in, and hands its state over', async () => {
    const source = (by: number): string => `import { connect } from "dynobot";
      let seen = 0;
      const connection = await connect();
      connection.services.web.on("request", (req, res) => res.end("${by}:" + ++seen));
      connection.onHandover(() => ({ seen }));
      seen = (await connection.ready()).previous?.seen ?? 0;`;
    const { url } = await serve('state.mjs', source(1), '--watch');
    expect(await ask(url)).toBe('1:1');
    expect(await ask(url)).toBe('1:2');
    folder.write('state.mjs', source(2));
    let answer = '';
    await eventually('who answers', async () => (answer = await ask(url)).split(':')[0], '2');
    expect(Number(answer.split(':')[1])).toBeGreaterThan(2);
  });

  it('says so when the port is taken', async () => {
    const other = createServer().listen(0);
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    folder.write('app.mjs', 'export default () => {};');
    const command = folder.run(`npx dynobot serve --port ${port} ./app.mjs`);
    expect(await command.ended).toBe(1);
    expect(command.output).toMatch(new RegExp(`error: cannot listen on port ${port}: .*EADDRINUSE`));
    other.close();
  });

  it('runs several processes with the same arguments', async () => {
    const source = 'export default (req, res) => res.end(`${process.pid} ${JSON.stringify(process.argv.slice(2))}`);';
    const { url } = await serve('args.mjs', source, '--instances 2', '--', '--loud', 'x');
    const answers = new Set<string>();
    await eventually('how many answer', async () => answers.add(await ask(url)).size, 2);
    for (const answer of answers) expect(answer).toMatch(/^\d+ \["--loud","x"\]$/);
  });
});
