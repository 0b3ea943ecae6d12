/** One answer to a numbered line, by one bot. */
export interface Answer {
  readonly bot: number;
  readonly line: number;
}

/** The answers among what was heard: `v3: 17` is bot 3's to line 17. */
export function answersIn(heard: readonly string[]): Answer[] {
  return heard.flatMap((text) => {
    const [, bot, line] = /^v(\d+): (\d+)$/.exec(text) ?? [];
    return bot === undefined || line === undefined ? [] : [{ bot: Number(bot), line: Number(line) }];
  });
}

/** The lines that one bot answered, in the order of its answers. */
export function linesOf(answers: readonly Answer[], bot: number): number[] {
  return answers.filter((answer) => answer.bot === bot).map(({ line }) => line);
}

/** `from`, `from + 1`, … `to`: nothing left out, nothing twice, nothing out of order. */
export function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, n) => from + n);
}
