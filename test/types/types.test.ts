import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

// The other files of this folder are compiled and never run. What must be refused there stands under @ts-expect-error,
// which is an error itself when nothing is wrong on its line.
const folder = dirname(fileURLToPath(import.meta.url));

function compile(): ts.Program {
  const { config } = ts.readConfigFile(`${folder}/tsconfig.json`, ts.sys.readFile);
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, folder);
  return ts.createProgram(fileNames, options);
}

test('the types of proxies are what they should be, and cheap', () => {
  const program = compile();
  const found = ts.getPreEmitDiagnostics(program).filter(({ file }) => !file?.fileName.endsWith('.test.ts'));
  const host = { getCanonicalFileName: (name: string) => name, getCurrentDirectory: () => folder, getNewLine: () => '\n' };
  expect(ts.formatDiagnostics(found, host)).toBe('');
  // A type that blows up shows here long before it is slow.
  expect(program.getInstantiationCount()).toBeLessThan(1_000_000);
});
