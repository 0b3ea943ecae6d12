import { execFileSync } from 'node:child_process';

/** The commit that is simulated, with a `+` if there are changes beside it; null where there is no repository. */
export function commit(): string | null {
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no', '--', 'src', 'sim') !== '';
    return git('rev-parse', '--short', 'HEAD') + (changed ? '+' : '');
  } catch {
    return null;
  }
}

function git(...args: string[]): string {
  return execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
}
