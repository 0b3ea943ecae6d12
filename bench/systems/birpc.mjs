import { createBirpc } from 'birpc';
import { coalesced, lines } from '../lib/lines.mjs';
import { dial, listen } from '../wires/index.mjs';

function channel(wire) {
  const write = coalesced(wire.write);
  return {
    post: (line) => write(`${line}\n`),
    on: (handle) => wire.read(lines(handle)),
    serialize: JSON.stringify,
    deserialize: JSON.parse,
    timeout: -1,
  };
}

export const serve = (endpoint, service) => listen(endpoint, (wire) => {
  const remote = createBirpc({
    add: (a, b) => service.add(a, b),
    echo: (value) => service.echo(value),
    listen: () => void service.on('event', (event) => void send(event)),
  }, { ...channel(wire), eventNames: ['event'] });
  const send = remote.event;
});

export async function connect(endpoint) {
  const wire = await dial(endpoint);
  let handler;
  const remote = createBirpc({ event: (event) => handler(event) }, channel(wire));
  const { add, echo } = remote;
  return {
    add,
    echo,
    listen(handle) {
      handler = handle;
      return remote.listen();
    },
    close: () => wire.close(),
  };
}
