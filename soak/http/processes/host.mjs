// Hosts an HTTP server, and says what it sees of its connections.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { host } from '../../../dist/index.js';
import { Peak, settledMemory } from '../lib/memory.mjs';
import { answer } from '../lib/process.mjs';

const web = createServer({ keepAliveTimeout: 0 });
const connections = { opened: 0, open: 0 };
const errors = [];
web.on('connection', (socket) => {
  connections.opened++;
  connections.open++;
  socket.on('close', () => connections.open--);
});
await once(web.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }), 'listening');
const made = await host({ web }, { name: process.argv[2], roles: { web: { drain: 2000 } } });
made.on('error', (error, where) => errors.push(`${where}: ${error.message}`));
const peak = new Peak();

answer({
  port: () => web.address().port,
  connections: () => connections,
  errors: () => errors,
  sessions: () => made.inspect().sessions.length,
  memory: settledMemory,
  peakStart: () => peak.start(),
  peakStop: () => peak.stop(),
});
