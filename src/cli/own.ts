import { fileURLToPath } from 'node:url';

/** Where this package's own code is, both as frames of a stack name it. */
export const OWN = new URL('..', import.meta.url).href;
export const OWN_PATH = fileURLToPath(OWN);
