// A client over the IPC channel of its parent.
import { connect } from 'dynobot';

const connection = await connect(process, { name: 'ipc' });
connection.on('close', () => process.exit()).on('error', () => {});
process.on('message', (message) => {
  if (message?.block !== undefined) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, message.block);
});
