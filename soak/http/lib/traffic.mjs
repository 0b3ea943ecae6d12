import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { Agent, request } from 'node:http';

const BODY = Buffer.from('0123456789abcdef'.repeat(16 * 1024));
const sha1 = (bytes) => createHash('sha1').update(bytes).digest('hex');

/** What clients ask, and what the only right answer is. The numbers say how often. */
const KINDS = [
  { weight: 30, ask: () => ({ path: '/hello/0' }), right: () => 'hello world' },
  { weight: 20, size: [1, 4_000], ask: (n) => ({ path: '/echo/0', body: BODY.subarray(0, n) }), right: (n) => BODY.toString('latin1', 0, n) },
  { weight: 10, size: [30_000, 250_000], ask: (n) => ({ path: '/hash/0', body: BODY.subarray(0, n), chunked: true }), right: (n) => sha1(BODY.subarray(0, n)) },
  { weight: 10, size: [1, 400_000], ask: (n) => ({ path: `/down/${n}` }), right: (n) => 'x'.repeat(n) },
  { weight: 10, size: [1, 200_000], ask: (n) => ({ path: `/down/${n}?chunked` }), right: (n) => 'x'.repeat(n) },
  { weight: 15, size: [1, 200], ask: (n) => ({ path: `/slow/${n}` }), right: () => 'slowly' },
  { weight: 5, size: [5, 30], ask: (n) => ({ path: `/lines/${n}` }), right: (n) => Array.from({ length: n }, (_, i) => `line ${i + 1}\n`).join('') },
];
const WEIGHTS = KINDS.reduce((sum, { weight }) => sum + weight, 0);

/** Clients that each ask one thing after another over one connection, and look at every answer. */
export class Traffic {
  #agent;
  #port;
  #random;
  #stopping = false;
  #workers;
  /** What came of each request that did not get its right answer. */
  losses = [];
  answered = 0;

  constructor(port, clients, random) {
    this.#port = port;
    this.#random = random;
    this.#agent = new Agent({ keepAlive: true, maxSockets: clients, scheduling: 'fifo' });
    this.#workers = Array.from({ length: clients }, () => this.#work());
  }

  async stop() {
    this.#stopping = true;
    await Promise.all(this.#workers);
    this.#agent.destroy();
  }

  async #work() {
    while (!this.#stopping) {
      const { size: [least, most] = [0, 0], ask, right } = this.#kind();
      const size = least + Math.floor(this.#random() * (most - least));
      const began = performance.now();
      const outcome = await this.#ask(ask(size));
      if (outcome.what === 200 && outcome.body === right(size)) this.answered++;
      else this.losses.push({ ...outcome, body: undefined, path: ask(size).path, began, ended: performance.now(), ...(outcome.what === 200 ? { what: 'wrong' } : {}) });
    }
  }

  #kind() {
    let at = this.#random() * WEIGHTS;
    return KINDS.find(({ weight }) => (at -= weight) < 0) ?? KINDS[0];
  }

  /** `what`: the status; `cut` if the answer had begun, `refused` if nothing came. */
  async #ask({ path, body, chunked }) {
    let pid;
    let sent;
    try {
      const headers = body === undefined ? {} : chunked ? { 'Transfer-Encoding': 'chunked' } : { 'Content-Length': body.length };
      sent = request({ port: this.#port, host: '127.0.0.1', agent: this.#agent, path, method: body === undefined ? 'GET' : 'POST', headers });
      sent.end(body);
      const [response] = await once(sent, 'response');
      pid = response.headers['x-pid'];
      const chunks = [];
      for await (const chunk of response) chunks.push(chunk);
      return { what: response.statusCode, pid, closes: response.headers.connection === 'close', body: Buffer.concat(chunks).toString('latin1') };
    } catch (error) {
      return { what: pid === undefined ? 'refused' : 'cut', pid, code: error.code, isOnUsed: sent.reusedSocket };
    }
  }
}

/** The same numbers for the same seed. */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
