// What is published works where it is installed: from ES modules, from CommonJS, from TypeScript with `strict`, as a command.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = join(dirname(fileURLToPath(import.meta.url)), '../..');
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const folder = mkdtempSync(join(tmpdir(), 'dynobot-package-'));

function run(command: string, args: string[], cwd = folder): string {
  return execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

function node(file: string, text: string): string {
  writeFileSync(join(folder, file), text);
  return run(process.execPath, [file]);
}

/** The same program in every dialect: host and client in two threads of one process, so that it ends by itself. */
const program = `
async function main() {
  const { port1, port2 } = new MessageChannel();
  const hosting = await host({ math: { add: (a, b) => a + b } });
  hosting.attach(port1);
  const connection = await connect(port2);
  console.log(await connection.services.math.add(40, 2));
  await connection.close();
  await hosting.close();
}
main();
`;

beforeAll(() => {
  run(npm, ['pack', '--ignore-scripts', '--pack-destination', folder], root);
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  run(npm, ['install', '--no-audit', '--no-fund', `./dynobot-${version}.tgz`]);
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the packed tarball in an empty folder', () => {
  it('works as an ES module', () => {
    expect(node('main.mjs', `import { connect, host } from 'dynobot';${program}`)).toBe('42\n');
  });

  it('works from CommonJS', () => {
    expect(node('main.cjs', `const { connect, host } = require('dynobot');${program}`)).toContain('42\n');
  });

  it('loads nothing of Node that the program does not use', () => {
    // The internal ones are what Node loads when all members of net and fs are looked at, as an import of them does.
    const list = "console.log(process.moduleLoadList.filter((name) => /^NativeModule (http|https|tls|crypto|worker_threads|child_process|vm|v8|internal.(blocklist|fs.streams))$/.test(name)).join())";
    // Node itself has loaded some of them before.
    const nothing = "process.getBuiltinModule('node:net'); process.getBuiltinModule('node:fs');";
    expect(node('imports.mjs', `import 'dynobot'; ${list}`)).toBe(node('nothing.mjs', `${nothing} ${list}`));
  });

  it('has a command', () => {
    const bin = join(folder, 'node_modules/.bin/dynobot');
    expect(run(bin, ['--version'])).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('compiles from TypeScript with strict', () => {
    const require = createRequire(import.meta.url);
    const types = dirname(dirname(dirname(require.resolve('@types/node/package.json'))));
    writeFileSync(join(folder, 'main.ts'), `
      import { connect, host } from 'dynobot';
      const hosting = await host({ math: { add: (a: number, b: number): number => a + b } });
      const connection = await connect<{ math: { add(a: number, b: number): number } }>('nobody');
      const sum: number = await connection.services.math.add(1, 2);
      // @ts-expect-error the arguments are typed
      await connection.services.math.add('1', 2);
      export { hosting, sum };
    `);
    const options = {
      strict: true, noEmit: true, module: 'nodenext', target: 'es2023', lib: ['ES2023', 'ESNext.Disposable'],
      types: ['node'], typeRoots: [join(types, '@types')], skipLibCheck: false,
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['main.ts'] }));
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
    const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin/tsc');
    let output = '';
    try {
      run(process.execPath, [tsc, '-p', folder]);
    } catch (error) {
      output = (error as { stdout: string }).stdout;
    }
    expect(output).toBe('');
  }, 60_000);
});
