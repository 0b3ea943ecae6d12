import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { build } from 'esbuild';

/** Stands in a bundle for the way from it to the output folder, until it is known which files the code has come into. */
const OUTPUT = '<output>';

const posix = (path) => path.split(sep).join('/');

/** Sources mean themselves by `import.meta.url`: in a bundle it is still the URL that the source would have by itself. */
function withOwnUrl(text, name) {
  const own = `${OUTPUT}/${name.replace(/\.ts$/, '.js')}`;
  return text.replaceAll('import.meta.url', `new URL(${JSON.stringify(own)}, import.meta.url).href`);
}

/**
 * Node's own modules are taken as they are. To import one makes an ES module of it, with a look at each of its members; and
 * some members load more when they are looked at, such as net's BlockList and fs's streams. That is 1 ms of an import.
 */
function withBuiltinsAsTheyAre(text) {
  return text.replace(/^import \{([^}]*)\} from '(node:[^']*)';$/gm, (_, names, module) => {
    const values = names.split(',').filter((name) => !name.trim().startsWith('type ')).map((name) => name.replace(' as ', ':'));
    return `const {${values}} = process.getBuiltinModule('${module}');`;
  });
}

/**
 * What `wholes` match imports all of the first entry point, and not some of its parts. Otherwise each choice of parts that is
 * made anywhere would become a chunk, and who imports the first entry point would load a dozen files instead of two.
 */
const reading = (source, wholes, first) => ({
  name: 'reading',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const name = posix(relative(source, path));
      const contents = withBuiltinsAsTheyAre(withOwnUrl(readFileSync(path, 'utf8'), name));
      return { loader: 'ts', contents: wholes.test(name) ? `${contents}\nimport ${JSON.stringify(join(source, first))};` : contents };
    });
  },
});

/**
 * Bundles entry points (below `source`) into files of the same names (below `output`). What `shared` ones have in common
 * goes into chunks beside them, so that there is one of it; those `alone` have all in themselves. Packages stay outside.
 */
export async function bundle({ source, output, shared, wholes, alone }) {
  const common = {
    outbase: source,
    outdir: output,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    packages: 'external',
    // Half of the time that an import takes is V8's reading. Names stay, and lines are short, for who reads a stack.
    minifyWhitespace: true,
    lineLimit: 120,
    sourcemap: true,
    sourcesContent: false,
    write: false,
    // All of index.ts is wanted, by whoever imports it.
    ignoreAnnotations: true,
    plugins: [reading(source, wholes, shared[0])],
  };
  const files = (entries) => entries.map((entry) => join(source, entry));
  const built = await Promise.all([
    build({ ...common, entryPoints: files(shared), splitting: true }),
    build({ ...common, entryPoints: files(alone), external: [`*/${shared[0].replace(/\.ts$/, '.js')}`] }),
  ]);
  const outputFiles = built.flatMap((result) => result.outputFiles);
  for (const { path, text } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, path.endsWith('.js') ? text.replaceAll(OUTPUT, posix(relative(dirname(path), output)) || '.') : text);
  }
}
