import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, test } from 'vitest';

// The other files of this folder are compiled and never run. What must be refused there stands under @ts-expect-error,
// which is an error itself when nothing is wrong on its line.
const folder = dirname(fileURLToPath(import.meta.url));

function compile(within: string): ts.Program {
  const { config } = ts.readConfigFile(`${within}/tsconfig.json`, ts.sys.readFile);
  const { fileNames, options } = ts.parseJsonConfigFileContent(config, ts.sys, within);
  return ts.createProgram(fileNames, options);
}

function mistakes(program: ts.Program): string {
  const found = ts.getPreEmitDiagnostics(program).filter(({ file }) => !file?.fileName.endsWith('.test.ts'));
  return ts.formatDiagnostics(found, { getCanonicalFileName: (name: string) => name, getCurrentDirectory: () => folder, getNewLine: () => '\n' });
}

test('the types of proxies are what they should be, and cheap', () => {
  const program = compile(folder);
  expect(mistakes(program)).toBe('');
  // A type that blows up shows here long before it is slow.
  expect(program.getInstantiationCount()).toBeLessThan(1_000_000);
});

test('web streams are those of the DOM where a project has its types', () => {
  expect(mistakes(compile(`${folder}/dom`))).toBe('');
});
