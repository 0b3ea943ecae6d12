// What changes: an Express app as any other. It is plugged into the server that stays by one line, the last but one.
import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect } from 'dynobot';
import express, { type NextFunction, type Request, type Response } from 'express';
import type { Note, Notes } from './server.js';

const VERSION = 1;
const connection = await connect<{ notes: Notes; web: Server }>();
const { notes, web } = connection.services;
const app = express();

app.use((_request, response, next) => {
  response.set('X-App-Version', String(VERSION));
  next();
});
app.use(express.static(new URL('public', import.meta.url).pathname));
app.use(express.json(), express.urlencoded());

app.get('/notes', async (_request, response) => void response.json(await notes.all()));

app.post('/notes', async (request, response) => {
  const { text } = request.body as { text?: unknown };
  if (typeof text !== 'string' || text === '') return void response.status(400).json({ error: 'a note needs a text' });
  const note = await notes.add(text);
  response.status(201).location(`/notes/${note.id}`).json(note);
});

// Server-sent events: each note as it is added.
const streams = new Set<Response>();
app.get('/events', (_request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders();
  streams.add(response);
  response.once('close', () => streams.delete(response));
});
notes.on('added', (note: Note) => {
  for (const stream of streams) stream.write(`data: ${JSON.stringify(note)}\n\n`);
});
// Another version has taken over: browsers connect again, to that one.
connection.on('retire', () => {
  for (const stream of streams) stream.end();
});

// A body that is too long to be held is counted as it comes.
app.put('/count', async (request, response) => {
  let bytes = 0;
  request.on('data', (chunk: Buffer) => (bytes += chunk.length));
  await once(request, 'end');
  response.json({ bytes });
});

app.use((error: Error, _request: Request, response: Response, _next: NextFunction) => {
  response.status(500).json({ error: error.message });
});

web.on('request', app);
console.log(`version ${VERSION} is here`);
