import type { Frame, Transport } from '../../src/transports/transport.js';
import { patterned, sample } from './samples.js';

/** What the far side has seen, told when its transport closes. */
export interface Report {
  frames: number;
  units: number;
  closings: number;
  /** Null if none: it goes through JSON. */
  error: string | null;
}

/** Begins a frame that is an order; all others are sent back as they came. */
const ORDER = '!';

export const order = {
  /** Receive, and send nothing back any more. */
  hush: '!hush',
  send: (count: number) => `!send ${count}`,
  sendBytes: (length: number) => `!sendBytes ${length}`,
  /** Send one more frame, `last`, and close. */
  close: '!close',
  destroy: '!destroy',
  /** Take nothing for so many milliseconds. */
  block: (ms: number) => `!block ${ms}`,
  die: '!die',
};

/** Follows orders at the other end of the transport under test, in this process or wherever that end is. */
export function followOrders(transport: Transport, report: (report: Report) => void): void {
  const seen: Report = { frames: 0, units: 0, closings: 0, error: null };
  let hushed = false;

  const obey = ([verb, argument]: string[]): void => {
    const amount = Number(argument);
    if (verb === 'hush') hushed = true;
    else if (verb === 'send') for (let i = 0; i < amount; i += 1) transport.send(sample(i));
    else if (verb === 'sendBytes') transport.send(patterned(amount));
    else if (verb === 'destroy') transport.destroy(new Error('destroyed by order'));
    else if (verb === 'block') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, amount);
    else if (verb === 'die') die();
    else if (verb === 'close') {
      transport.send('last');
      transport.close();
    }
  };

  transport.open({
    frame(frame: Frame) {
      if (typeof frame === 'string' && frame.startsWith(ORDER)) return obey(frame.slice(1).split(' '));
      seen.frames += 1;
      seen.units += frame.length;
      if (!hushed) transport.send(frame);
    },
    drained() {},
    closed(error) {
      seen.closings += 1;
      seen.error = error?.message ?? null;
      report(seen);
    },
  });
}

function die(): void {
  // In a worker this ends the thread only.
  if (process.env['FAR_SIDE_IS_A_THREAD'] === '1') process.exit(1);
  process.kill(process.pid, 'SIGKILL');
}
