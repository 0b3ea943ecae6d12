// npm run soak:blocking: clients that block, doing everything at once for two minutes: calls, events, callbacks into each
// other, to any depth. Nothing may stand still for ever, be lost, come twice or out of order, or pile up.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const SILENCE_MS = 20_000;

class Member {
  #answers = new Map();
  #last = 0;
  last = performance.now();
  errors = [];

  constructor(file, env, flags = []) {
    this.child = fork(new URL(`blocking/${file}.mjs`, import.meta.url), { env: { ...process.env, ...env }, execArgv: ['--expose-gc', ...flags], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    this.child.stderr.setEncoding('utf8').on('data', (text) => this.errors.push(text));
    this.exited = once(this.child, 'exit');
    this.child.on('message', (message) => {
      this.last = performance.now();
      if (message.error !== undefined) this.errors.push(message.error);
      this.#answers.get(message.answer)?.(message.value);
    });
  }

  /** Undefined if it does not answer: it stands still. */
  async ask(what, ...args) {
    const ask = ++this.#last;
    const answered = new Promise((resolve) => this.#answers.set(ask, resolve));
    this.child.send({ ask, what, args });
    const late = new Promise((resolve) => setTimeout(resolve, SILENCE_MS).unref());
    return Promise.race([answered, late]);
  }
}

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Plays for so long. Gives what was done, what was wrong, and how the host's memory has grown, in MB. */
export async function soak({ seconds, clients = 8 }) {
  const name = `soak-${process.pid}`;
  const host = new Member('host', { TEST_HOST: name });
  await once(host.child, 'message');
  const members = Array.from({ length: clients }, (_, n) => new Member('client', { TEST_HOST: name, TEST_NUMBER: String(n), TEST_CLIENTS: String(clients) }));
  await Promise.all(members.map(({ child }) => once(child, 'message')));
  for (const member of members) member.child.send({ what: 'go' });
  await pause(seconds * 300);
  const before = await host.ask('memory');
  await pause(seconds * 700);
  const after = await host.ask('memory');
  for (const member of members) member.child.send({ what: 'stop' });
  const reports = await Promise.all(members.map((member) => member.ask('report')));
  const stuck = reports.filter((report) => report === undefined).length;
  const problems = [...reports.flatMap((report) => report?.problems ?? []), ...[host, ...members].flatMap(({ errors }) => errors)];
  const done = reports.reduce((sum, report) => ({ calls: sum.calls + (report?.calls ?? 0), events: sum.events + (report?.events ?? 0), nested: sum.nested + (report?.nested ?? 0) }), { calls: 0, events: 0, nested: 0 });
  await Promise.all(members.map((member) => member.ask('close')));
  const left = await host.ask('left');
  for (const { child } of [host, ...members]) child.kill('SIGKILL');
  await Promise.all([host, ...members].map(({ exited }) => exited));
  return { seconds, clients, ...done, stuck, problems, left, memory: { before, after } };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const result = await soak({ seconds: Number(process.argv[2] ?? 120) });
  console.log(JSON.stringify(result, undefined, 1));
  if (result.stuck > 0 || result.problems.length > 0 || result.left.sessions > 0) process.exitCode = 1;
}
