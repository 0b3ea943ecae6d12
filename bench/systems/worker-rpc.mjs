import { RpcProvider } from 'worker-rpc';
import { coalesced, lines } from '../lib/lines.mjs';
import { dial, listen } from '../wires/index.mjs';

function provider(wire) {
  const write = coalesced(wire.write);
  const rpc = new RpcProvider((message) => write(`${JSON.stringify(message)}\n`));
  wire.read(lines((line) => rpc.dispatch(JSON.parse(line))));
  return rpc;
}

export const serve = (endpoint, service) => listen(endpoint, (wire) => {
  const rpc = provider(wire);
  rpc.registerRpcHandler('add', ([a, b]) => service.add(a, b));
  rpc.registerRpcHandler('echo', (value) => service.echo(value));
  rpc.registerRpcHandler('listen', () => void service.on('event', (event) => rpc.signal('event', event)));
});

export async function connect(endpoint) {
  const wire = await dial(endpoint);
  const rpc = provider(wire);
  return {
    add: (a, b) => rpc.rpc('add', [a, b]),
    echo: (value) => rpc.rpc('echo', value),
    listen(handle) {
      rpc.registerSignalHandler('event', handle);
      return rpc.rpc('listen');
    },
    close: () => wire.close(),
  };
}
