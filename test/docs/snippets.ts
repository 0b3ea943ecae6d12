import { readFileSync } from 'node:fs';

const ROOT = new URL('../../', import.meta.url);

/** The code blocks of one language in a page, in order. */
export function snippets(page: string, language: string): string[] {
  const text = readFileSync(new URL(page, ROOT), 'utf8');
  return [...text.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].filter(([, found]) => found === language).map(([, , code]) => code!);
}

/** The block whose first line is a comment with that file name. */
export function fileIn(page: string, file: string): string {
  const found = snippets(page, 'ts').find((code) => code.startsWith(`// ${file}\n`));
  if (found === undefined) throw new Error(`${page} shows no ${file}`);
  return found;
}
