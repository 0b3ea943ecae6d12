import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { expect, it } from 'vitest';
import { snippets } from './snippets.js';

// Every TypeScript block of these pages that imports dynobot must pass the compiler, as its reader would have it: strict.
const ROOT = new URL('../../', import.meta.url);
const PAGES = ['README.md', 'SECURITY.md', ...['blocking', 'connecting', 'errors', 'hosting', 'http', 'running', 'transports', 'websockets'].map((page) => `docs/${page}.md`)];
const TYPES = fileURLToPath(new URL('examples/irc-bot/irc-framework.d.ts', ROOT));

it('shows code that compiles', { timeout: 60_000 }, () => {
  expect(readdirSync(new URL('docs/', ROOT))).toEqual(expect.arrayContaining(PAGES.filter((page) => page.startsWith('docs/')).map((page) => page.slice(5))));
  const sources = new Map<string, string>();
  for (const page of PAGES) {
    for (const [n, code] of snippets(page, 'ts').entries()) {
      const named = /^\/\/ (\w+\.ts)\n/.exec(code)?.[1];
      if (/from 'dynobot(\/sync)?'/.test(code) || named !== undefined) sources.set(fileURLToPath(new URL(`examples/irc-bot/${page.replaceAll('/', '-')}-${named ?? `${n}.ts`}`, ROOT)), code);
    }
  }
  expect(sources.size).toBeGreaterThan(15);
  expect(errorsOf(sources)).toEqual([]);
});

function errorsOf(sources: ReadonlyMap<string, string>): string[] {
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2023, lib: ['lib.es2023.d.ts', 'lib.esnext.disposable.d.ts', 'lib.dom.asynciterable.d.ts'],
    module: ts.ModuleKind.NodeNext, strict: true, noEmit: true, skipLibCheck: true, types: ['node'],
  };
  const compiler = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = compiler;
  compiler.fileExists = (file) => sources.has(file) || fileExists(file);
  compiler.readFile = (file) => sources.get(file) ?? readFile(file);
  compiler.getSourceFile = (file, version, ...rest) => {
    const code = sources.get(file);
    return code === undefined ? getSourceFile.call(compiler, file, version, ...rest) : ts.createSourceFile(file, `${code}\nexport {};`, version);
  };
  const program = ts.createProgram([TYPES, ...sources.keys()], options, compiler);
  return ts.getPreEmitDiagnostics(program).filter(({ file }) => file !== undefined && sources.has(file.fileName)).map(({ file, messageText, start }) => {
    const { line } = file!.getLineAndCharacterOfPosition(start ?? 0);
    return `${file!.fileName}:${line + 1}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`;
  });
}
