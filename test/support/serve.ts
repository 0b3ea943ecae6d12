import { host, type Host, type HostOptions, type Tables } from '../../src/index.js';
import { answerQuestions, type Questions } from './answering.js';
import { collectGarbage } from './garbage.js';

/** What a host says of a session that has ended, as the test gets to know it. */
export interface Ended {
  readonly client: string;
  readonly reason: string | undefined;
  readonly message: string | undefined;
  readonly cleaned: Tables;
}

/** In a process of its own: hosts `services` under the name that the test has given, and answers the test's questions. */
export async function serve(services: Record<string, object>, questions: Questions = {}, options: HostOptions = {}): Promise<Host> {
  const ended: Ended[] = [];
  const errors: string[] = [];
  const warnings: string[] = [];
  process.on('warning', ({ name, message }) => warnings.push(`${name}: ${message}`));
  const hosted = await host(services, { name: process.env['TEST_HOST']!, ...options });
  hosted.on('error', (error, where) => errors.push(`${where}: ${String(error)}`));
  hosted.on('disconnect', ({ session, reason, cleaned }) => ended.push({ client: session.client, reason: reason?.code, message: reason?.message, cleaned }));
  answerQuestions({
    inspect: () => hosted.inspect(),
    ended: () => ended,
    errors: () => errors,
    warnings: () => warnings,
    collect: () => collectGarbage(),
    close: () => hosted.close(),
    ...questions,
  });
  return hosted;
}
