import { fileURLToPath } from 'node:url';
import { report } from './reports.js';

/** Reports the file that a module was found in, if it is a file. Loaders mark their URLs with queries. */
export function found(url: string): void {
  if (url.startsWith('file:')) report({ loads: fileURLToPath(url.replace(/[?#].*$/, '')) });
}

/** Reports where a module should have been. Only paths can be waited for: a package may be anywhere. */
export function missed(specifier: string, parent: string | undefined): void {
  const isPath = /^(?:\.{0,2}\/|file:)/.test(specifier);
  if (isPath && URL.canParse(specifier, parent)) report({ misses: fileURLToPath(new URL(specifier, parent).href.replace(/[?#].*$/, '')) });
}
