import type { ServerResponse } from 'node:http';
import { isResponse } from './node-http.js';
import { StandInSocket } from './stand-in-socket.js';

/** A response is in hand until it is closed, and so is a socket that was taken over from HTTP. */
export function workWith(value: unknown): Promise<void> | undefined {
  if (isResponse(value)) return value.closed ? undefined : closed(value);
  return value instanceof StandInSocket && !value.isHttp && !value.closed ? closed(value) : undefined;
}

function closed(value: ServerResponse | StandInSocket): Promise<void> {
  return new Promise((resolve) => value.once('close', () => resolve()));
}
