import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type CompleterResult } from 'node:readline';
import { start, type REPLEval, type ReplOptions, type REPLServer, writer } from 'node:repl';
import { Readable, Writable } from 'node:stream';
import { types } from 'node:util';
import { completion } from './completion.js';
import { colors } from './output.js';

/** Input is run in the global scope, where dynobot itself lives, so that its objects are of this realm. */
const OPTIONS: ReplOptions = { useGlobal: true, preview: false, ignoreUndefined: true };

/** A prompt with completion and history. Ctrl-C gives up what is being awaited. */
export async function atTerminal(prompt: string): Promise<REPLServer> {
  const server = start({ ...OPTIONS, prompt, terminal: true, breakEvalOnSigint: true });
  awaitResults(server);
  showIterators(server);
  completeMembers(server);
  await keepHistory(server);
  return server;
}

/**
 * Only at a terminal Node's prompt reads no further while it awaits: here it gets each line when it is done with the last.
 * Results go to stdout, errors to stderr; no prompt is shown.
 *
 * @param threw is told of each error
 */
export function overPipe(threw: () => void): REPLServer {
  let proceed = (): void => {};
  async function* lines(): AsyncGenerator<string> {
    for await (const line of createInterface({ input: process.stdin })) {
      const done = new Promise<void>((resolve) => (proceed = resolve));
      yield `${line}\n`;
      await done;
    }
  }
  const output = new PipedOutput(threw);
  const useColors = colors(process.stdout).isColorSupported;
  const server = start({ ...OPTIONS, prompt: '', input: Readable.from(lines()), output, terminal: false, useColors });
  server.once('exit', () => process.stdin.destroy());
  awaitResults(server);
  showIterators(server);
  return Object.assign(server, { displayPrompt: () => proceed() });
}

/** What Node's prompt writes besides prompts: results, and errors, which have a line that begins as no line of a result does. */
class PipedOutput extends Writable {
  constructor(private readonly threw: () => void) {
    super({ decodeStrings: false });
  }

  override _write(text: string, _encoding: BufferEncoding, done: () => void): void {
    const isError = /^Uncaught\b/m.test(text);
    if (isError) this.threw();
    (isError ? process.stderr : process.stdout).write(text);
    done();
  }
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

const AsyncIteratorPrototype = Object.getPrototypeOf(Object.getPrototypeOf(async function* () {}.prototype)) as object;

/** What stands in for a generator of the host is shown by what it is, not by what it is made of. */
function showIterators(server: REPLServer): void {
  const write = server.writer;
  const isStandIn = (value: unknown): boolean =>
    typeof value === 'object' && value !== null && Object.getPrototypeOf(Object.getPrototypeOf(value)) === AsyncIteratorPrototype;
  const show = (value: unknown): string => (isStandIn(value) ? '[AsyncIterator]' : write.call(server, value));
  Object.assign(server, { writer: Object.assign(show, { options: writer.options }) });
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
