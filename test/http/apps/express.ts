import { fileURLToPath } from 'node:url';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { tlsFacts } from './plain.js';

const FOLDER = fileURLToPath(new URL('.', import.meta.url));

export function expressApp(): Express {
  const app = express();
  app.use('/static', express.static(FOLDER));
  app.use('/json', express.json());
  app.use('/form', express.urlencoded({ extended: true }));
  app.use('/raw', express.raw({ type: '*/*', limit: '10mb' }));
  app.use('/text', express.text({ limit: 20 }));
  app.get('/hello', (_req, res) => void res.send('hello world'));
  app.get('/object', (_req, res) => void res.json({ a: 1, b: ['ü'] }));
  app.get('/user/:id', ({ params, query, ip, protocol, hostname, secure, fresh }, res) => void res.send({ params, query, ip, protocol, hostname, secure, fresh }));
  app.get('/tls', ({ socket, secure, protocol }, res) => void res.json([secure, protocol, tlsFacts(socket)]));
  app.get('/cookies', (_req, res) => void res.cookie('a', '1', { httpOnly: true }).cookie('b', '2').clearCookie('c').send('cookies'));
  app.get('/redirect', (_req, res) => res.redirect('/elsewhere'));
  app.get('/status', (_req, res) => void res.sendStatus(202));
  app.get('/file', (_req, res) => res.sendFile('page.html', { root: FOLDER }));
  app.get('/download', (_req, res) => res.download(`${FOLDER}/page.html`, 'seite.html'));
  app.get('/type', (_req, res) => void res.type('xml').send('<a/>'));
  app.get('/format', (_req, res) => void res.format({ text: () => void res.send('text'), json: () => void res.send({ json: true }) }));
  app.get('/buffer', (_req, res) => void res.send(Buffer.from([0, 1, 255])));
  app.get('/throws', () => { throw new Error('thrown'); });
  app.get('/rejects', async () => { throw Object.assign(new Error('rejected'), { status: 418 }); });
  app.get('/locals', (req, res) => void res.append('X-A', '1').append('X-A', '2').vary('Accept').links({ next: '/2' }).send(req.get('x-own') ?? 'none'));
  app.post('/json', (req, res) => void res.json({ got: req.body as unknown }));
  app.post('/form', (req, res) => void res.json({ got: req.body as unknown }));
  app.post('/raw', (req, res) => void res.send(String((req.body as Buffer).length)));
  app.post('/text', (req, res) => void res.send(req.body as string));
  app.get('/last', (_req, res) => void res.set('Connection', 'close').send('last'));
  const failed: ErrorRequestHandler = (error: { status?: number; message: string }, _req, res, _next) => void res.status(error.status ?? 500).send(`failed: ${error.message}`);
  app.use(failed);
  return app;
}
