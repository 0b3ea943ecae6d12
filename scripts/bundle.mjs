import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { build } from 'esbuild';

/** Stands in a bundle for the way from it to the output folder, until it is known which files the code has come into. */
const OUTPUT = '<output>';

const posix = (path) => path.split(sep).join('/');

/** Sources mean themselves by `import.meta.url`: in a bundle it is still the URL that the source would have by itself. */
const ownUrls = (source) => ({
  name: 'own-urls',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const own = `${OUTPUT}/${posix(relative(source, path)).replace(/\.ts$/, '.js')}`;
      return { loader: 'ts', contents: text.replaceAll('import.meta.url', `new URL(${JSON.stringify(own)}, import.meta.url).href`) };
    });
  },
});

/**
 * Bundles `entries` (below `source`) into files of the same names (below `output`), and the code that they share into chunks
 * beside them. Packages stay outside.
 */
export async function bundle({ source, output, entries }) {
  const { outputFiles } = await build({
    entryPoints: entries.map((entry) => join(source, entry)),
    outbase: source,
    outdir: output,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    packages: 'external',
    sourcemap: true,
    sourcesContent: false,
    write: false,
    plugins: [ownUrls(source)],
  });
  for (const { path, text } of outputFiles) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, path.endsWith('.js') ? text.replaceAll(OUTPUT, posix(relative(dirname(path), output)) || '.') : text);
  }
}
