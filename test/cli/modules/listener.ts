// A script for `dynobot run`: it says what it hears, and ends as its first argument says.
import { connect } from 'dynobot';
import type { radio as Radio } from './radio.js';

const connection = await connect<{ radio: typeof Radio }>();
const { radio } = connection.services;
const args = process.argv.slice(2);
console.log(...args, 'hears', await radio.station);

switch (args[0]) {
  case 'stay':
    process.once('SIGTERM', (signal) => {
      console.log(signal);
      process.exitCode = 7;
      void connection.close();
    });
    radio.on('message', () => {});
    break;
  case 'die':
    process.kill(process.pid, 'SIGKILL');
    break;
  default:
    process.exitCode = 3;
    await connection.close();
}
