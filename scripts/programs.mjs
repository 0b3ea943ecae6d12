// The programs that some tests need and npm cannot bring.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * @typedef {object} Program
 * @property {string} command What is run.
 * @property {string} debian The Debian package that has it.
 * @property {string} usedBy The tests that are skipped without it.
 * @property {string} get How to get it elsewhere.
 */

/** @type {readonly Program[]} */
export const programs = [
  {
    command: 'ngircd',
    debian: 'ngircd',
    usedBy: 'test/irc (the story against a real IRC server)',
    get: 'apt install ngircd, brew install ngircd, or https://ngircd.barton.de',
  },
  {
    command: 'chromium',
    debian: 'chromium',
    usedBy: 'test/websocket/chat.test.ts (a page in a browser)',
    get: 'apt install chromium, brew install --cask chromium, or https://www.chromium.org/getting-involved/download-chromium',
  },
];

// Servers are often kept out of an ordinary user's PATH.
const SERVER_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/opt/homebrew/sbin'];

/** The path of an installed program, or undefined. */
export function findProgram(command) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...SERVER_FOLDERS];
  return folders.filter((folder) => folder !== '').map((folder) => join(folder, command)).find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
