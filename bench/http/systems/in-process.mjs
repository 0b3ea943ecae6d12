import { createServer } from 'node:http';

export function front(app) {
  return createServer(app);
}
