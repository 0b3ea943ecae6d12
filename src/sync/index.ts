export { connectSync } from './connect.js';
export type { ConnectSyncOptions, SyncConnection } from './connection.js';
