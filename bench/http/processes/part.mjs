// One process of a trial: the server that clients reach, or the handler behind it.
import { once } from 'node:events';
import { app } from '../apps.mjs';
import { SYSTEMS } from '../systems/index.mjs';

const { system, part, app: name, path } = JSON.parse(process.argv[2]);
const { front, handle } = await import(`../systems/${SYSTEMS[system].of ?? system}.mjs`);
process.on('disconnect', () => process.exit());

if (part === 'handler') {
  await handle(await app(name), path);
  process.send({ ready: true });
} else {
  const server = await front(await app(name), path);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  process.send({ ready: true, port: server.address().port });
}
