import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { NAMES } from './apps/index.js';
import { Both } from './both.js';
import { cases } from './cases.js';
import { eventually } from '../support/eventually.js';
import { LAST, play, request } from './raw-client.js';

let both: Both;
beforeAll(async () => { both = await Both.start(); });
afterAll(() => both.stop());

describe.each(NAMES)('%s: what is sent is, byte for byte, what the same handler sends in the server\'s process', (app) => {
  it.concurrent.each(cases.filter((one) => one.app === app).map((one) => [one.name, one.steps] as const))('%s', async (_, steps) => {
    const [here, there] = await Promise.all(both.ports(app).map((port) => play(port, steps)));
    expect(there).toBe(here);
  });
});

it('an upgraded connection that is reset tells it in the same order', async () => {
  const [here, there] = await Promise.all(both.ports('special').map(async (port) => {
    await play(port, [request('GET /watched', { headers: ['Connection: Upgrade', 'Upgrade: x'] }), { until: /\r\n\r\n/ }, 'hello', { until: /hello/ }, 'reset']);
    let answer = '';
    await eventually('the close', async () => {
      answer = (await play(port, [request('GET /watched', { headers: ['Connection: close'] })])).split('\r\n\r\n')[1]!;
      return answer.includes('close') && answer.includes('iteration');
    }, true);
    return answer;
  }));
  expect(here).toBe('complete true,error,iteration ECONNRESET,close');
  expect(there).toBe(here);
});

it('a server takes so many requests from a connection (maxRequestsPerSocket), and joins headers (uniqueHeaders)', async () => {
  const bounded = await Both.start({ options: { uniqueHeaders: ['x-b'] }, properties: { maxRequestsPerSocket: 3, keepAliveTimeout: 1000 } });
  const get = request('GET /hello');
  const oneByOne = [get, { until: /world$/ }, get, { until: /world.*world$/s }, get, { until: /world.*world.*world$/s }, get];
  const all = [oneByOne, [get.repeat(5)], [get, LAST], [request('POST /echo', { body: 'a' }).repeat(4)], [request('GET /write-head-object'), LAST]];
  await Promise.all(all.map(async (steps) => {
    const [here, there] = await Promise.all(bounded.ports('plain').map((port) => play(port, steps)));
    expect(there).toBe(here);
  }));
  await bounded.stop();
});
