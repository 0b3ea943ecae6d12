import { paths } from './apps/plain.js';
import type { Name } from './apps/index.js';
import { chunked, LAST, request, type Step } from './raw-client.js';

export interface Case {
  app: Name;
  name: string;
  steps: readonly Step[];
}

const CLOSE = { headers: ['Connection: close'] };
const TE = ['Transfer-Encoding: chunked'];
const LONG = 'x'.repeat(300_000);

const cases: Case[] = [];

/** Requests that are sent at once, and after which the connection is to be closed. */
function add(app: Name, name: string, ...steps: Step[]): void {
  cases.push({ app, name, steps });
}

/** The same request in the ways in which it may come. */
function inAllWays(app: Name, path: string): void {
  add(app, `GET ${path}, then another`, request(`GET ${path}`), LAST);
  add(app, `GET ${path}, and no more`, request(`GET ${path}`, CLOSE));
  add(app, `HEAD ${path}`, request(`HEAD ${path}`), LAST);
}

// Those that destroy their connection get no second request: which of two that are there at once is begun, is chance.
const ENDING = new Set(['/write-and-destroy', '/end-and-destroy', '/cut', '/cut-socket', '/cut-at-once', '/reset', '/pipeline-fails', '/raw-socket', '/last']);
for (const path of paths) {
  if (path === '/what-is-left' || path === '/never') continue;
  if (path.endsWith('-and-destroy')) add('plain', `GET ${path}, by a client that reads slowly`, 'slowly', request(`GET ${path}`));
  else if (ENDING.has(path)) add('plain', `GET ${path}`, request(`GET ${path}`));
  else inAllWays('plain', path);
  if (!ENDING.has(path) && path !== '/echo') add('plain', `GET ${path}, HTTP/1.0`, request(`GET ${path}`, { version: '1.0' }));
}
add('plain', 'moments after the end', request('GET /moments'), { until: /ended/ }, request('GET /what-is-left'), LAST);
add('plain', 'order of callbacks', request('GET /callbacks'), { until: /last/ }, request('GET /what-is-left'), LAST);
add('plain', 'errors of a second end', request('GET /end-twice'), { until: /once/ }, request('GET /what-is-left'), LAST);

for (const method of ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'M-SEARCH', 'PURGE', 'LINK', 'REPORT', 'SEARCH', 'LOCK', 'MKCOL', 'QUERY']) {
  add('plain', `${method} about itself`, request(`${method} /about?a=%20b&a=c#d`), LAST);
}
const odd = [
  'X-Empty:', 'X-Spaces:   a  b   ', 'x-lower: 1', 'X-UPPER: 2', 'x-twice: 1', 'X-Twice: 2', 'Cookie: a=1', 'Cookie: b=2', 'Set-Cookie: c=3', 'Set-Cookie: d=4',
  'Accept: a', 'Accept: b', 'Content-Type: text/a', 'Content-Type: text/b', 'User-Agent: one', 'User-Agent: two', 'X-Latin: h\u00fc', "!#$%&'*+-.^_`|~: odd name", '__proto__: evil',
  'constructor: evil', 'toString: evil', 'X-Tab:\ta\tb', 'Authorization: Basic eDp5', 'If-Modified-Since: Thu, 01 Jan 1970 00:00:00 GMT', 'X-Long: ' + 'y'.repeat(5000),
];
add('plain', 'odd headers', Buffer.from(request('GET /about', { headers: odd }), 'latin1'), LAST);
for (const header of odd) add('plain', `header ${header.slice(0, 30)}`, Buffer.from(request('GET /about', { headers: [header] }), 'latin1'), LAST);
add('plain', 'five hundred headers', request('GET /about', { headers: Array.from({ length: 500 }, (_, i) => `X-${i}: ${i}`) }), LAST);
add('plain', 'more header bytes than a server takes', request('GET /about', { headers: ['X-Long: ' + 'y'.repeat(20_000)] }));

for (const path of ['/about', '/echo', '/echo-pipeline', '/echo-iterator', '/length', '/paused', '/answers-early', '/set-encoding', '/continue', '/hello']) {
  for (const [name, body] of [['a short body', 'a body with ü'], ['a long body', LONG], ['an empty body', '']] as const) {
    if (path === '/about' && body === LONG) continue;
    if (path.startsWith('/echo') && body === LONG) {
      // In which chunks it comes back is chance, so it must come without.
      add('plain', `POST ${path}, ${name}`, request(`POST ${path}`, { body, version: '1.0' }));
      continue;
    }
    add('plain', `POST ${path}, ${name}`, request(`POST ${path}`, { body }), LAST);
    add('plain', `POST ${path}, ${name}, chunked`, request(`POST ${path}`, { headers: TE }), chunked(...(body === '' ? [] : [body.slice(0, 5), body.slice(5)])) + '\r\n', LAST);
  }
  add('plain', `POST ${path}, byte by byte`, ...request(`POST ${path}`, { body: 'slow', ...CLOSE }));
}
add('plain', 'trailers', request('POST /about', { headers: [...TE, 'Trailer: X-Sum'] }), chunked('one', 'two'), 'X-Sum: abc\r\nx-sum: def\r\nX-More: 1\r\n\r\n', LAST);
add('plain', 'pieces that come at once', request('POST /ticks', { headers: TE }), chunked('one', 'two', 'three') + '\r\n', LAST);
add('plain', 'a body in pieces', request('POST /length', { headers: ['Content-Length: 9'] }), 'abc', { until: /^/ }, 'def', 'ghi', LAST);
add('plain', 'a binary body', request('POST /echo', { headers: ['Content-Length: 256', 'Connection: close'] }), Buffer.from(Array.from({ length: 256 }, (_, i) => i)));

// Pipelined
add('plain', 'fifty at once', Array.from({ length: 50 }, (_, i) => request(`GET /about?${i}`)).join(''), LAST);
add('plain', 'slow and fast at once', ['/chunks', '/hello', '/flush', '/long', '/processing', '/nothing', '/early-hints-late', '/hello'].map((path) => request(`GET ${path}`)).join(''), LAST);
add('plain', 'bodies at once', ['one', 'two', 'three'].map((body) => request('POST /echo', { body })).join(''), request('POST /echo', { headers: TE }), chunked('four') + '\r\n', LAST);
add('plain', 'long ones at once', request('GET /long').repeat(5), LAST);
add('plain', 'HEAD and GET at once', ['HEAD', 'GET', 'HEAD', 'GET'].map((method) => request(`${method} /hello`)).join(''), LAST);
add('plain', 'a body that nobody reads, and another request', request('POST /answers-early', { body: LONG }), LAST);
add('plain', 'one that closes among others', request('GET /hello'), request('GET /close'), request('GET /hello'));

// Timeouts that handlers set: after each response the server sets its own, and each response may set another
const [TIMED, HELLO] = [request('GET /timed'), request('GET /hello')];
for (const [name, ...gets] of [['two', TIMED, TIMED], ['one behind another', HELLO, TIMED], ['two around another', TIMED, HELLO, TIMED]] as const) {
  add('plain', `timeouts: ${name}, at once`, gets.join(''), LAST);
  add('plain', `timeouts: ${name}, one by one`, ...gets.flatMap((get, i) => [get, { until: new RegExp(`(.*\\r\\n\\r\\n){${i + 1}}(timed|hello world)$`, 's') }]), LAST);
}

// Versions, connections, expectations
add('plain', 'HTTP/1.0, keep-alive', request('GET /hello', { version: '1.0', headers: ['Connection: keep-alive'] }), request('GET /last', { version: '1.0' }));
add('plain', 'HTTP/1.0, chunks', request('GET /chunks', { version: '1.0' }));
add('plain', 'HTTP/1.0, chunks wanted', request('GET /chunks', { version: '1.0', headers: ['TE: chunked'] }));
add('plain', 'Expect: 100-continue', request('POST /echo', { headers: ['Expect: 100-continue', 'Content-Length: 4'] }), { until: /100 Continue\r\n\r\n/ }, 'body', LAST);
add('plain', 'Expect: 100-continue, without waiting', request('POST /echo', { headers: ['Expect: 100-continue'], body: 'body' }), LAST);
add('plain', 'Expect: something else', request('GET /hello', { headers: ['Expect: 200-ok'] }), LAST);
// What comes in one packet with such a request, Node's parser takes for the other protocol.
add('plain', 'an upgrade that nobody listens for', request('GET /hello', { headers: ['Connection: Upgrade', 'Upgrade: x'] }), { until: /world$/ }, LAST);
add('plain', 'CONNECT that nobody listens for', 'CONNECT example.test:1 HTTP/1.1\r\nHost: x\r\n\r\n');

// What a server refuses by itself
for (const [name, text] of Object.entries({
  'no host': 'GET /hello HTTP/1.1\r\n\r\n', 'not HTTP': 'hello?\r\n\r\n', 'a bad version': 'GET / HTTP/9.9\r\n\r\n', 'a bad header': 'GET / HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n',
  'two lengths': request('POST /echo', { headers: ['Content-Length: 1', 'Content-Length: 2'] }), 'a length and chunks': request('POST /echo', { headers: ['Content-Length: 1', 'Transfer-Encoding: chunked'] }),
  'a bad chunk': request('POST /echo', { headers: TE }) + 'zz\r\n', 'a bad method': 'GETT / HTTP/1.1\r\nHost: x\r\n\r\n', 'a bare newline': 'GET /hello HTTP/1.1\nHost: x\n\n',
})) add('plain', `refused: ${name}`, text);

// Clients that end their side with their last request, or send on after `Connection: close`: who answers at once, answers.
const BEHIND: Partial<Record<Name, readonly string[]>> = {
  plain: ['/hello', '/much', '/much-in-parts', '/nothing', '/about', '/echo', '/echo-iterator', '/length', '/ticks', '/answers-early', '/set-encoding', '/write-head-object'], special: ['/'],
  express: ['/hello', '/object', '/throws', '/nowhere'], fastify: ['/hello', '/object', '/throws'], koa: ['/hello', '/object'], hono: ['/hello', '/object', '/throws'],
};
for (const [app, gets] of Object.entries(BEHIND) as [Name, readonly string[]][]) {
  for (const path of gets) {
    add(app, `GET ${path}, ended at once`, { last: request(`GET ${path}`) });
    add(app, `GET ${path}, closed, and more behind it`, request(`GET ${path}`, CLOSE) + request('GET /hello'));
  }
  add(app, 'three at once, ended', { last: request('GET /hello').repeat(3) });
}
for (const path of ['/length', '/echo', '/ticks', '/answers-early', '/about']) {
  add('plain', `POST ${path}, ended at once`, { last: request(`POST ${path}`, { body: 'the body' }) });
  add('plain', `POST ${path}, chunked, ended at once`, { last: request(`POST ${path}`, { headers: TE }) + chunked('one', 'two', 'three') + '\r\n' });
  add('plain', `POST ${path}, and what is no HTTP behind it`, request(`POST ${path}`, { body: 'the body' }) + 'hello?\r\n\r\n');
  add('plain', `POST ${path}, ended too early`, { last: request(`POST ${path}`, { headers: ['Content-Length: 100'] }) + 'the body' });
  add('plain', `POST ${path}, a bad chunk`, request(`POST ${path}`, { headers: TE }) + '3\r\none\r\nzz\r\n');
}
for (const path of ['/much', '/much-in-parts']) {
  add('plain', `GET ${path}, HTTP/1.0, ended at once`, { last: request(`GET ${path}`, { version: '1.0' }) });
  add('plain', `GET ${path}, and what is no HTTP behind it`, request(`GET ${path}`) + 'hello?\r\n\r\n');
  add('plain', `two GET ${path}, ended`, { last: request(`GET ${path}`).repeat(2) });
}
add('plain', 'a long echo, ended at once', { last: request('POST /echo', { body: LONG, version: '1.0' }) });
add('plain', 'a long body, ended at once', { last: request('POST /length', { body: LONG }) });
add('plain', 'ended before anything', { last: '' });
add('plain', 'ended in the middle of a head', { last: 'GET /hello HTTP/1.1\r\nHo' });
add('plain', 'ended after an answer', request('GET /hello'), { until: /world$/ }, { last: '' });
add('plain', 'bad HTTP after an answer', request('GET /hello'), { until: /world$/ }, 'hello?\r\n\r\n');

// A client that ends its side in the middle of a request, behind others that it has sent with it
const CUT_OFF = {
  'in its line': 'GET /x HTT', 'in its head': 'GET /hello HTTP/1.1\r\nHost: x\r\nX-', 'in its body': request('POST /length', { headers: ['Content-Length: 10'] }) + 'abc',
  'in a body that is read': request('POST /echo', { headers: ['Content-Length: 10'] }) + 'abc', 'in a body that is not read': request('POST /hello', { headers: ['Content-Length: 10'] }) + 'abc',
  'in a chunk': request('POST /length', { headers: TE }) + '5\r\nab',
};
const BEFORE = {
  nothing: '', 'an answer': request('GET /hello'), 'an answer in parts': request('GET /chunks-at-once'), 'a long answer': request('GET /long'), 'an echo': request('POST /echo', { body: 'body' }),
  'an answer to a body': request('POST /length', { body: 'body' }), 'two answers': request('GET /hello').repeat(2), 'an answer, and one that is late': request('GET /hello') + request('GET /never'),
  'one that is late, and an answer': request('GET /never') + request('GET /hello'),
};
for (const [what, text] of Object.entries(CUT_OFF)) {
  for (const [before, texts] of Object.entries(BEFORE)) {
    add('plain', `cut off ${what}, after ${before}`, { last: texts + text });
    if (texts !== '' && !texts.includes('/never')) add('plain', `cut off ${what}, later, after ${before}`, texts + text, { until: /\r\n\r\n/ }, { last: '' });
  }
}

// Clients that leave
for (const how of ['leave', 'reset'] as const) {
  add('plain', `${how} before the answer`, request('GET /flush'), how);
  add('plain', `${how} in the middle of a body`, request('POST /length', { headers: ['Content-Length: 100'] }), 'some', how);
  add('plain', `${how} in the middle of an answer`, request('GET /chunks'), { until: /one/ }, how);
}

// Expectations, upgrades, tunnels, errors that are listened for
const UPGRADE = ['Connection: Upgrade', 'Upgrade: shouting'];
add('special', 'checkContinue', request('POST /it', { headers: ['Expect: 100-continue', 'Content-Length: 4'] }), { until: /100 Continue\r\n\r\n/ }, 'body', request('GET /', CLOSE));
add('special', 'checkContinue, refused', request('POST /refused', { headers: ['Expect: 100-continue', 'Content-Length: 4'] }));
add('special', 'checkExpectation', request('GET /', { headers: ['Expect: 200-ok', 'Connection: close'] }));
add('special', 'upgrade', request('GET /up', { headers: UPGRADE }), { until: /\]\n/ }, 'hello', { until: /HELLO/ }, 'quit');
add('special', 'upgrade, with bytes behind it', request('GET /up', { headers: UPGRADE }) + 'early', { until: /early\]/ }, 'quit');
add('special', 'upgrade, ended by the client', request('GET /up', { headers: UPGRADE }), { until: /\]\n/ }, 'quit');
add('special', 'upgrade, refused', request('GET /refused', { headers: UPGRADE }));
add('special', 'upgrade, as text', request('GET /text', { headers: UPGRADE }));
add('special', 'upgrade after other requests', request('GET /a'), { until: /request \/a/ }, request('GET /up', { headers: UPGRADE }), { until: /\]\n/ }, 'x'.repeat(200_000) + 'quit');
add('special', 'upgrade, client goes', request('GET /up', { headers: UPGRADE }), { until: /\]\n/ }, 'reset');
add('special', 'CONNECT', 'CONNECT example.test:443 HTTP/1.1\r\nHost: x\r\n\r\n', { until: /\]\n/ }, 'tunnel', { until: /TUNNEL/ }, 'quit');
for (const [name, text] of Object.entries({ 'not HTTP': 'hello?\r\n\r\n', 'a bad header': 'GET / HTTP/1.1\r\nHost: x\r\nbad header\r\n\r\n', 'a bad method': 'GETT / HTTP/1.1\r\n\r\n' })) {
  add('special', `clientError: ${name}`, text);
}

// Frameworks
const JSON_BODY = { headers: ['Content-Type: application/json'], body: '{"a":[1,"ü"]}' };
const BAD_JSON = { headers: ['Content-Type: application/json'], body: '{"a":' };
const FORM_BODY = { headers: ['Content-Type: application/x-www-form-urlencoded'], body: 'a=1&b[]=2&b[]=%C3%BC' };
const GETS: Partial<Record<Name, readonly string[]>> = {
  express: ['/hello', '/object', '/user/7?q=1&q=2', '/cookies', '/redirect', '/status', '/file', '/download', '/type', '/format', '/buffer', '/throws', '/rejects', '/locals', '/static/page.html', '/static/', '/static/../secret', '/nowhere', '/%zz'],
  fastify: ['/hello', '/object', '/user/7?q=1&q=2', '/stream', '/buffer', '/headers', '/redirect', '/throws', '/trailer', '/hijack', '/validated?n=5', '/validated?n=x', '/validated', '/nowhere', '/%zz'],
  koa: ['/hello', '/object', '/about?q=1', '/stream', '/buffer', '/empty', '/status', '/cookies', '/redirect', '/throws', '/respond', '/nowhere'],
  hono: ['/hello', '/object', '/user/7?q=1&q=2', '/headers', '/redirect', '/stream', '/sse', '/bytes', '/empty', '/throws', '/nowhere'],
};
for (const [app, gets] of Object.entries(GETS) as [Name, readonly string[]][]) {
  for (const path of gets) inAllWays(app, path);
  add(app, 'twenty at once', Array.from({ length: 20 }, () => request('GET /hello')).join(''), LAST);
  for (const [name, parts] of Object.entries({ 'a body': JSON_BODY, 'bad JSON': BAD_JSON })) add(app, `POST /json, ${name}`, request('POST /json', parts), LAST);
  add(app, 'POST /json, chunked', request('POST /json', { headers: [...JSON_BODY.headers, ...TE] }), chunked('{"a":', '1}') + '\r\n', LAST);
  add(app, 'POST /json, with 100-continue', request('POST /json', { headers: ['Content-Type: application/json', 'Content-Length: 7', 'Expect: 100-continue'] }), { until: /100 Continue\r\n\r\n/ }, '{"a":1}', LAST);
  add(app, 'OPTIONS', request('OPTIONS /hello'), LAST);
  add(app, 'HTTP/1.0', request('GET /hello', { version: '1.0' }));
}
add('express', 'not modified', request('GET /hello', { headers: ['If-None-Match: W/"b-Kq5sNclPz7QV2+lfQIuc6R7oRu0"'] }), LAST);
add('express', 'a range of a file', request('GET /static/page.html', { headers: ['Range: bytes=2-9'] }), LAST);
add('express', 'a range beyond a file', request('GET /static/page.html', { headers: ['Range: bytes=900-'] }), LAST);
add('express', 'a form', request('POST /form', FORM_BODY), LAST);
add('express', 'a long raw body', request('POST /raw', { body: LONG }), LAST);
add('express', 'a text that is too long', request('POST /text', { headers: ['Content-Type: text/plain'], body: 'more than twenty characters' }), LAST);
add('express', 'a header that the app reads', request('GET /locals', { headers: ['X-Own: mine'] }), LAST);
add('express', 'accept', request('GET /format', { headers: ['Accept: application/json'] }), LAST);
add('fastify', 'a body that is too long', request('POST /json', { headers: ['Content-Type: application/json'], body: `"${'x'.repeat(150_000)}"` }));
add('koa', 'a body', request('POST /body', { body: 'the body' }), LAST);
add('koa', 'a long body', request('POST /body', { body: LONG }), LAST);
add('hono', 'a text', request('POST /text', { body: 'the text' }), LAST);
add('hono', 'a form', request('POST /form', { headers: FORM_BODY.headers, body: 'a=1&b=2' }), LAST);

export { cases };
