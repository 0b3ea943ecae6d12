import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Both } from './both.js';
import { chunked, LAST, play, request, type Step } from './raw-client.js';

// An https.Server is hosted: what its clients get, and what the handlers learn of the connection, is as in one process.
const file = (name: string): string => readFileSync(new URL(`fixtures/certificate/${name}`, import.meta.url), 'utf8');
const [key, cert] = [file('key.pem'), file('cert.pem')];
const BODY = 'x'.repeat(300_000);

let both: Both;
beforeAll(async () => { both = await Both.start({ options: { key, cert, ca: cert, requestCert: true, rejectUnauthorized: false, ALPNProtocols: ['http/1.1'] } }); });
afterAll(() => both.stop());

const CLIENTS: Record<string, ConnectionOptions> = {
  'without a certificate': { ca: cert, servername: 'example.test' },
  'with a certificate': { ca: cert, key, cert, servername: 'example.test', ALPNProtocols: ['http/1.1'] },
  'of TLS 1.2': { ca: cert, key, cert, servername: 'example.test', maxVersion: 'TLSv1.2' },
};

const CASES: [name: string, app: 'plain' | 'express' | 'special', ...steps: Step[]][] = [
  ['what is known of the connection', 'plain', request('GET /tls'), { until: /\}$/ }, request('GET /tls'), LAST],
  ['what Express knows of it', 'express', request('GET /tls'), { until: /\]$/ }, request('GET /user/1'), LAST],
  ['requests at once', 'plain', request('GET /hello') + request('GET /chunks') + request('GET /trailers'), LAST],
  ['a body', 'plain', request('POST /echo', { body: 'a body' }), LAST],
  ['a chunked body', 'plain', request('POST /echo', { headers: ['Transfer-Encoding: chunked'] }) + chunked('one', 'two') + '\r\n', LAST],
  ['a long body each way', 'plain', request('POST /length', { body: BODY }), request('GET /long'), LAST],
  ['JSON for Express', 'express', request('POST /json', { headers: ['Content-Type: application/json'], body: '{"a":1}' }), LAST],
  ['a file', 'express', request('GET /static/page.html'), LAST],
  ['a connection that is cut', 'plain', request('GET /cut')],
  ['what cannot be reset', 'plain', request('GET /reset'), LAST],
  ['an upgrade', 'special', request('GET /up', { headers: ['Connection: Upgrade', 'Upgrade: shouting'] }), { until: /\]\n/ }, 'hello', { until: /HELLO/ }, 'quit'],
];

describe.each(Object.entries(CLIENTS))('a client %s', (_, options) => {
  it.concurrent.each(CASES)('%s', async (_name, app, ...steps) => {
    const [here, there] = await Promise.all(both.ports(app).map((port) => play(port, steps, options)));
    expect(there).toBe(here);
    expect(there).toMatch(/^HTTP\/1.1 (200|101)/);
  });
});

it('tells what is true', async () => {
  const [, port] = both.ports('plain');
  const seen = await play(port, [request('GET /tls', { headers: ['Connection: close'] })], CLIENTS['with a certificate']);
  expect(JSON.parse(seen.slice(seen.indexOf('\r\n\r\n')))).toMatchObject({
    encrypted: true, authorized: true, authorizationError: null, servername: 'example.test', alpnProtocol: 'http/1.1', protocol: 'TLSv1.3', isSelfSigned: true,
    certificate: { subject: { CN: 'example.test' } }, isBuffer: [true, true, true],
  });
});
