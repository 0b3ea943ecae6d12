import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type CompleterResult } from 'node:readline';
import { start, type REPLEval, type ReplOptions, type REPLServer } from 'node:repl';
import { Readable } from 'node:stream';
import { types } from 'node:util';
import { completion } from './completion.js';

/** Input is run in the global scope, where dynobot itself lives, so that its objects are of this realm. */
const OPTIONS: ReplOptions = { useGlobal: true, preview: false, ignoreUndefined: true };

/** A prompt with completion and history. Ctrl-C gives up what is being awaited. */
export async function atTerminal(prompt: string): Promise<REPLServer> {
  const server = start({ ...OPTIONS, prompt, terminal: true, breakEvalOnSigint: true });
  awaitResults(server);
  completeMembers(server);
  await keepHistory(server);
  return server;
}

/** Only at a terminal Node's prompt reads no further while it awaits: here it gets each line when it is done with the last. */
export function overPipe(): REPLServer {
  let proceed = (): void => {};
  async function* lines(): AsyncGenerator<string> {
    for await (const line of createInterface({ input: process.stdin })) {
      const done = new Promise<void>((resolve) => (proceed = resolve));
      yield `${line}\n`;
      await done;
    }
  }
  const server = start({ ...OPTIONS, prompt: '', input: Readable.from(lines()), output: process.stdout, terminal: false });
  server.once('exit', () => process.stdin.destroy());
  awaitResults(server);
  const { displayPrompt } = server;
  const displayAndProceed: typeof displayPrompt = (preserveCursor) => {
    displayPrompt.call(server, preserveCursor);
    proceed();
  };
  return Object.assign(server, { displayPrompt: displayAndProceed });
}

const PENDING = 'dynobot.repl.pending';

/** A promise is awaited by the prompt's own `await`, which keeps what is typed waiting, and gives up at Ctrl-C. */
function awaitResults(server: REPLServer): void {
  const evaluate = server.eval;
  const evaluateAwaiting: REPLEval = (code, context, file, done) => {
    evaluate.call(server, code, context, file, (error, value: unknown) => {
      if (error !== null || !types.isPromise(value)) return done(error, value);
      Object.assign(context, { [Symbol.for(PENDING)]: value });
      evaluate.call(server, `await globalThis[Symbol.for('${PENDING}')]\n`, context, file, done);
    });
  };
  Object.assign(server, { eval: evaluateAwaiting });
}

type Completer = (line: string, done: (error: Error | null, result: CompleterResult) => void) => void;

function completeMembers(server: REPLServer): void {
  const completeAny = server.completer as Completer;
  const complete: Completer = (line, done) => {
    const members = completion(line);
    if (members === undefined) completeAny.call(server, line, done);
    else done(null, members);
  };
  Object.assign(server, { completer: complete });
}

async function keepHistory(server: REPLServer): Promise<void> {
  const directory = join(stateDirectory(), 'dynobot');
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  await new Promise<void>((resolve) => server.setupHistory(join(directory, 'repl_history'), () => resolve()));
}

function stateDirectory(): string {
  if (process.platform === 'win32') return process.env['LOCALAPPDATA'] ?? homedir();
  return process.env['XDG_STATE_HOME'] || join(homedir(), '.local', 'state');
}
