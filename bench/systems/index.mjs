import { TRANSPORTS } from '../wires/index.mjs';

const JSON_ONLY = 'leaves bytes to the codec, and JSON has none';
const BYTES_ONLY = 'carries bytes, not values';
const NO_CALLBACKS = 'functions cannot be passed';
const SOCKETS = ['unix'];
const ALL = TRANSPORTS;

/**
 * What is measured: its title, its package, the transports it can be run over here, and the operations that it has not,
 * each with the reason. The file of the same name beside this one says how it is used: `serve` and `connect`.
 * (Kept apart from those files so that the runner loads none of the systems.)
 */
export const SYSTEMS = {
  raw: { title: 'raw socket', floor: true, transports: ALL, lacks: { echo: BYTES_ONLY, take: BYTES_ONLY, keep: BYTES_ONLY } },
  'hand-json': { title: 'hand JSON', floor: true, transports: ALL, lacks: {} },
  'hand-msgpackr': { title: 'hand msgpackr', floor: true, package: 'msgpackr', transports: SOCKETS, lacks: {} },
  dynobot: { title: 'dynobot', transports: ALL, lacks: {} },
  capnweb: { title: "Cap'n Web", package: 'capnweb', transports: SOCKETS, lacks: {} },
  comlink: { title: 'Comlink', package: 'comlink', transports: SOCKETS, lacks: {} },
  birpc: {
    title: 'birpc', package: 'birpc', transports: SOCKETS,
    lacks: { echoBuffer: JSON_ONLY, take: NO_CALLBACKS, keep: NO_CALLBACKS },
  },
  kkrpc: { title: 'kkrpc', package: 'kkrpc', transports: SOCKETS, lacks: {} },
  dnode: { title: 'dnode', package: 'dnode', transports: SOCKETS, lacks: { echoBuffer: JSON_ONLY } },
  captp: { title: 'Endo CapTP', package: '@endo/captp', transports: SOCKETS, lacks: { echoBuffer: 'bytes are not passable' } },
  'worker-rpc': {
    title: 'worker-rpc', package: 'worker-rpc', transports: SOCKETS,
    lacks: { echoBuffer: JSON_ONLY, take: NO_CALLBACKS, keep: NO_CALLBACKS },
  },
};

/** Those measured in every round, also when there is little time: dynobot, and what it is held against. */
export const PRINCIPALS = ['raw', 'hand-json', 'hand-msgpackr', 'dynobot'];

/** Why a system cannot run something over this transport, or undefined if it can. */
export function hindrance(name, { needs, transport }) {
  const system = SYSTEMS[name];
  const lacked = needs.find((operation) => operation in system.lacks);
  if (lacked !== undefined) return system.lacks[lacked];
  if (name === 'raw' && transport === 'ipc' && needs.includes('echoBuffer')) return 'only text over this transport';
  return undefined;
}
