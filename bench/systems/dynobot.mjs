const DIST = process.env.DYNOBOT_DIST ?? new URL('../../dist/index.js', import.meta.url).href;
const { connect: dynobot, host } = await import(DIST);
/** Only for what is measured over streams: it is no part of what W10 imports. */
const wires = () => import('../wires/index.mjs');

/** The hosting end: a host of its own for unix sockets; for the others, what leads to the client. */
export async function serve(endpoint, service) {
  const { transport, path } = endpoint;
  const hosting = await host({ bench: service }, transport === 'unix' ? { name: path } : {});
  if (STREAMS.has(transport)) await (await wires()).listenStreams(endpoint, (streams) => hosting.attach(duplex(streams)));
  if (transport === 'ipc') hosting.attach(process);
  if (transport === 'worker') hosting.attach((await import('node:worker_threads')).parentPort);
}

const STREAMS = new Set(['tcp', 'stdio']);

const duplex = ({ readable, writable }) => (readable === writable ? readable : process.getBuiltinModule('node:stream').Duplex.from({ readable, writable }));

async function target(endpoint) {
  const { transport, path, child, worker } = endpoint;
  return STREAMS.has(transport) ? duplex(await (await wires()).dialStreams(endpoint)) : { unix: path, ipc: child, worker }[transport];
}

export async function connect(endpoint) {
  const connection = await dynobot(await target(endpoint));
  const { bench } = connection.services;
  return {
    add: (a, b) => bench.add(a, b),
    echo: (value) => bench.echo(value),
    echoBuffer: (buffer) => bench.echo(buffer),
    take: (callback) => bench.take(callback),
    keep: (callback) => bench.keep(callback),
    listen(handler) {
      bench.on('event', handler);
      // Calls are carried out in order: once this one has its answer, the handler is attached.
      return bench.add(0, 0);
    },
    /** A connection of its own, whose calls wait for their answers. */
    async blocking() {
      const { connectSync } = await import(new URL('sync/index.js', DIST).href);
      const blocking = connectSync(endpoint.path);
      return { add: (a, b) => blocking.services.bench.add(a, b), close: () => blocking.close() };
    },
    close: () => connection.close(),
  };
}
