import { basename } from 'node:path';

/** What a client is called unless it says otherwise: its script's name. */
export function programName(): string {
  return basename(process.argv[1] ?? 'node');
}
