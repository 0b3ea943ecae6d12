// A server that listens on a unix socket: what it has is no TCP.
import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { host, type Host } from '../../src/index.js';
import { builtClient } from './built-client.js';

const socketPath = join(tmpdir(), `dynobot-http-${process.pid}.sock`);
let web: Server;
let hosting: Host;

beforeEach(async () => {
  web = createServer().listen(socketPath);
  await once(web, 'listening');
  hosting = await host({ web }, { name: `http-unix-${process.pid}` });
});

afterEach(async () => {
  await expect.poll(() => hosting.inspect().sessions).toEqual([]);
  await hosting.close();
  web.closeAllConnections();
  await new Promise((done) => web.close(done));
});

async function get(): Promise<string> {
  const asked = request({ socketPath, agent: false }).end();
  const [response] = (await once(asked, 'response')) as [NodeJS.ReadableStream];
  return text(response);
}

/** The handler answers once, and goes. */
async function answeredBy(handler: string): Promise<string> {
  const program = `const answered = new Promise((done) => services.web.on("request", (req, res) => { res.on("finish", done); (${handler})(req, res); })); await answered;`;
  const client = builtClient(hosting.name, program);
  // One is the host's own: it says that nobody is there.
  await expect.poll(() => web.listenerCount('request')).toBe(2);
  const answer = await get();
  await client;
  return answer;
}

it('its requests have no address', async () => {
  expect(await answeredBy('({ socket }, res) => res.end(JSON.stringify([socket.remoteAddress, socket.localPort, socket.address()]))')).toBe('[null,null,{}]');
});

it('its sockets cannot be reset, which is told at once', async () => {
  const handler = '(req, res) => { try { req.socket.resetAndDestroy(); } catch ({ name, code }) { res.end(name + " " + code); } }';
  expect(await answeredBy(handler)).toBe('TypeError ERR_INVALID_HANDLE_TYPE');
});
