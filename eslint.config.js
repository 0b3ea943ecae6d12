import js from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['dist/', 'dist-*/', 'node_modules/', 'coverage/'] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }],
      'max-lines-per-function': ['warn', { max: 70, skipBlankLines: true, skipComments: true }],
    },
  },
  {
    // A browser will run these too; what only Node has is handed in (ARCHITECTURE.md, "Layers").
    files: ['src/{peer,values,compact,proxies,listeners,roles,wire}/**/*.ts'],
    rules: { 'no-restricted-imports': ['error', { patterns: [{ group: ['node:*', '../node/*', '../transports/*', '!../transports/transport.js', '../cli/*'] }] }] },
  },
  {
    files: ['**/*.{js,mjs}'],
    languageOptions: { globals: Object.fromEntries(
      ['process', 'console', 'Buffer', 'setTimeout', 'setInterval', 'setImmediate', 'clearTimeout', 'clearInterval', 'performance', 'URL',
        'structuredClone', 'queueMicrotask', 'AbortController', 'AbortSignal', 'gc', 'globalThis', 'require', 'module', 'FinalizationRegistry', 'WeakRef'].map((name) => [name, 'readonly'])) },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  { files: ['test/**', 'sim/**', 'bench/**', 'proof/**', 'scripts/**'], rules: { 'max-lines-per-function': 'off' } },
);
