// A client that blocks: HOST is whose. It tells its parent when it is about to wait, what it caught, and when it is back.
import { connectSync } from 'dynobot/sync';
import { answer } from '../lib/answer.mjs';

const seen = { calls: 0, waits: 0, failed: 0, others: 0, first: '', back: 0, thrownAt: 0 };
const turn = () => new Promise((resolve) => setImmediate(resolve));
let connection;

/** A host that has gone is gone for good: the program connects again. */
async function plug() {
  for (;;) {
    try {
      connection = connectSync(process.env.HOST, { name: `blocking-${process.pid}` });
      connection.on('error', () => {}).on('close', () => {});
      return;
    } catch (error) {
      if (error.code !== 'ERR_DYNOBOT_NO_HOST' && error.code !== 'ERR_DYNOBOT_STALE_SOCKET' && error.code !== 'ERR_DYNOBOT_DISCONNECTED') note(error);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

function note(error) {
  if (error.code === 'ERR_DYNOBOT_DISCONNECTED') {
    seen.failed++;
    seen.thrownAt = Date.now();
  } else {
    seen.others++;
    seen.first ||= String(error.stack);
  }
}

/** Calls without end. A callback comes back in the middle of each tenth. */
async function call() {
  const { work, emitter } = connection.services;
  let heard = 0;
  emitter.on('mine', () => heard++);
  for (;;) {
    for (let n = 0; n < 50; n++) {
      seen.calls++;
      if (n % 10 === 0) work.run(() => work.echo(1));
      else if (work.echo(n) !== n) note(new Error('it is answered with something else'));
      emitter.emit('mine');
    }
    await turn();
  }
}

/** Stands still until another client answers, which never does. */
async function wait() {
  seen.waits++;
  process.send({ waits: true });
  connection.services.work.ask('never');
}

async function go(what) {
  for (;;) {
    try {
      await (what === 'wait' ? wait() : call());
    } catch (error) {
      note(error);
    }
    await plug();
    seen.back++;
    // What it waits for may be there later than the host.
    while (what === 'wait' && !connection.services.work.isKept('never') && connection.connected) await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

answer({
  go: async (what) => {
    await plug();
    setImmediate(() => void go(what));
  },
  /** Keeps a function in the host that never answers whoever stands still for it: it stands still itself. */
  never: async () => {
    await plug();
    connection.services.work.keepAs('never', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0));
  },
  seen: () => seen,
});
