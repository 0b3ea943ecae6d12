const wire = (endpoint) => import(`./${endpoint.transport}.mjs`);

/** The hosting end: `accept` is called for each client, with the wire to it. */
export const listen = async (endpoint, accept) => (await wire(endpoint)).listen(endpoint, accept);

/** The using end. */
export const dial = async (endpoint) => (await wire(endpoint)).dial(endpoint);
