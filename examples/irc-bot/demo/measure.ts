import { setTimeout as pause } from 'node:timers/promises';
import { Chat } from './chat.js';
import { Company } from './company.js';
import { setUp } from './stage.js';

/** Milliseconds between an answer of one version and the save of the next: nobody edits faster. */
const EDITING = 1500;

/** How long it takes from the save of the bot's file to the first answer of the new version: of each of so many saves, in ms. */
export async function measureSaves(saves: number): Promise<number[]> {
  const stage = await setUp(undefined);
  const company = new Company(stage, () => {});
  try {
    const alice = await company.enter('alice');
    await company.startHost();
    const workshop = company.openWorkshop();
    workshop.save(1);
    await workshop.run();
    const chat = new Chat([alice], stage.nick, true);
    await chat.answeredBy('v1', stage.patience, 1);
    const times: number[] = [];
    for (let version = 2; version <= saves + 1; version++) {
      await pause(EDITING);
      const start = performance.now();
      workshop.save(version);
      await chat.answeredBy(`v${version}`, stage.patience, 1);
      times.push(performance.now() - start);
    }
    await chat.end(stage.patience);
    return times;
  } finally {
    await company.end();
  }
}

export function describeSaves(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): string => `${Math.round(sorted[Math.ceil(sorted.length * share) - 1]!)} ms`;
  return `from a save to the first answer of the new version, ${times.length} saves: median ${at(0.5)}, p95 ${at(0.95)}, longest ${at(1)}`;
}
