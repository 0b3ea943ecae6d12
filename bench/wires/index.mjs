/** What can be measured over. A file of the same name beside this one says how it is used. */
export const TRANSPORTS = ['unix', 'tcp', 'stdio', 'ipc', 'worker'];

const wire = (endpoint) => import(`./${endpoint.transport}.mjs`);

/** The hosting end: `accept` is called for each client, with the wire to it. */
export const listen = async (endpoint, accept) => (await wire(endpoint)).listen(endpoint, accept);

/** The using end. */
export const dial = async (endpoint) => (await wire(endpoint)).dial(endpoint);

/** The same with streams of bytes, for the transports that are made of them: `{ readable, writable }`. */
export const listenStreams = async (endpoint, accept) => (await wire(endpoint)).listenStreams(endpoint, accept);
export const dialStreams = async (endpoint) => (await wire(endpoint)).dialStreams(endpoint);
