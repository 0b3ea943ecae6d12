import { chromium, type Browser } from 'playwright-core';
import { findProgram } from '../../scripts/programs.mjs';

const executablePath = findProgram('chromium');

export const hasChromium = executablePath !== undefined;
/** What the name of a skipped test says. */
export const chromiumNote = hasChromium ? '' : ' (skipped: chromium is not installed)';

/** A browser without a window. */
export function launchBrowser(): Promise<Browser> {
  // It refuses to run its sandbox as root, which CI is.
  return chromium.launch({ executablePath: executablePath!, args: ['--no-sandbox', '--disable-gpu'] });
}
