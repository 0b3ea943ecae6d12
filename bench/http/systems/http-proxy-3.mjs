// A proxy in front of a handler that is an HTTP server of its own: what one does today so that the handler can be restarted.
import { once } from 'node:events';
import { Agent, createServer } from 'node:http';

export async function front(_app, path) {
  const { createProxyServer } = await import('http-proxy-3');
  const proxy = createProxyServer({ target: { socketPath: path, host: 'localhost', protocol: 'http:' }, agent: new Agent({ keepAlive: true, maxSockets: 100 }) });
  return createServer((request, response) => proxy.web(request, response));
}

export async function handle(app, path) {
  await once(createServer(app).listen(path), 'listening');
}
