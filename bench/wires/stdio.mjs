import { overStreams } from './streams.mjs';

/** The input and output of a child, as of one behind ssh. */
export const listenStreams = async (_endpoint, accept) => accept({ readable: process.stdin, writable: process.stdout });
export const dialStreams = async ({ child }) => ({ readable: child.stdout, writable: child.stdin });

export const listen = async (endpoint, accept) => listenStreams(endpoint, (streams) => accept(overStreams(streams)));
export const dial = async (endpoint) => overStreams(await dialStreams(endpoint));
