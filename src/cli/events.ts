import { release } from '../index.js';
import { Failure } from './failure.js';
import { toJson } from './json.js';
import { membersOf } from './members.js';
import { print } from './output.js';
import { interrupted, lost, serviceOf, withHost, type HostOption } from './session.js';

/** `dynobot events`: prints events as they come, until Ctrl-C. With the session, its listeners are gone. */
export async function events(service: string, names: string[], options: HostOption): Promise<void> {
  await withHost('events', { ...options, services: [service] }, async (connection) => {
    const emitter = serviceOf(connection, service);
    const services = new Set<object>(Object.values(connection.services) as object[]);
    for (const event of names) {
      attach(emitter, service, event, (...args) => print(line(event, args, services)));
    }
    await Promise.race([interrupted(), lost(connection)]);
  });
}

type Listener = (...args: unknown[]) => void;
type Attach = (event: string, listener: Listener) => unknown;

function attach(emitter: object, service: string, event: string, listener: Listener): void {
  const { listening } = membersOf(emitter);
  const method = ['on', 'addEventListener'].find((name) => listening.has(name));
  if (method === undefined) throw new Failure(`${service} has no events: it is neither an EventEmitter nor an EventTarget`);
  (Reflect.get(emitter, method) as Attach).call(emitter, event, listener);
}

/** References that came with the event are given back at once: they would only wait for the collector. */
function line(event: string, args: unknown[], services: ReadonlySet<object>): string {
  const references = new Set<object>();
  const time = new Date().toISOString();
  const text = JSON.stringify({ time, event, args: toJson(args, (proxy) => references.add(proxy)) });
  for (const proxy of references) if (!services.has(proxy)) release(proxy);
  return text;
}
