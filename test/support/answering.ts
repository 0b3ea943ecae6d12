/** A question over the IPC channel, beside whatever is tested: what the test asks a process that it has started. */
export interface Question {
  readonly ask: number;
  readonly name: string;
  readonly args: readonly unknown[];
}

export interface Answer {
  readonly answer: number;
  readonly value?: unknown;
  readonly error?: string;
}

export type Questions = Record<string, (...args: never[]) => unknown>;

/** In the started process: answers the questions of the test, and says that it is ready. */
export function answerQuestions(questions: Questions): void {
  process.on('message', (message: unknown) => {
    if (isQuestion(message)) void answer(questions, message);
  });
  process.send?.({ ready: true });
}

function isQuestion(message: unknown): message is Question {
  return typeof message === 'object' && message !== null && 'ask' in message;
}

async function answer(questions: Questions, { ask, name, args }: Question): Promise<void> {
  const question = questions[name] as ((...args: unknown[]) => unknown) | undefined;
  try {
    if (question === undefined) throw new Error(`nobody knows ${name} here`);
    const value = await question(...args);
    process.send?.({ answer: ask, value } satisfies Answer);
  } catch (error) {
    process.send?.({ answer: ask, error: error instanceof Error ? (error.stack ?? error.message) : String(error) } satisfies Answer);
  }
}
