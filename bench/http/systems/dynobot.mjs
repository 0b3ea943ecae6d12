import { createServer } from 'node:http';

const { connect, host } = await import(process.env.DYNOBOT_DIST ?? '../../../dist/index.js');

export async function front(_app, path) {
  const web = createServer();
  await host({ web }, { name: path });
  return web;
}

export async function handle(app, path) {
  const { services } = await connect(path);
  services.web.on('request', app);
  await services.web.listening;
}
