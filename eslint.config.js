import js from '@eslint/js';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const KEBAB_CASE = /^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)*$/;

/** A file is named in kebab case: some file systems do not tell `decentFilter.ts` from `DecentFilter.ts`. */
const kebabFileName = {
  create: (context) => ({
    Program(node) {
      const file = context.filename.split(/[\\/]/).pop();
      if (!KEBAB_CASE.test(file)) context.report({ node, message: `File name ${file} is not in kebab case` });
    },
  }),
};

const noDeadTests = ['describe', 'it', 'test'].flatMap((object) =>
  ['only', 'skip', 'todo'].map((property) => ({ object, property, message: 'Every test runs, always.' })),
);

/** What the workflow sandbox has no place for; .dependency-cruiser.cjs looks at what these files reach. */
const workflowImports = {
  paths: ['mongodb', 'kafkajs', 'avsc', 'zod'].map((name) => ({ name, message: 'Work belongs in activities.' })),
  patterns: [
    { group: ['node:*'], message: 'Workflow code has no Node: put the work in an activity.' },
    { group: ['**/activities/**'], allowTypeImports: true, message: 'Workflows know only the types of activities.' },
  ],
};

export default defineConfig(
  globalIgnores(['dist/', 'node_modules/']),
  js.configs.recommended,
  {
    plugins: { house: { rules: { 'kebab-file-name': kebabFileName } } },
    // No eslint-disable: a rule that is wrong here is changed here.
    linterOptions: { noInlineConfig: true },
    rules: {
      'house/kebab-file-name': 'error',
      'max-lines': ['error', { max: 300, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // A survey's own field may be written `fields['jd']`, to tell it from ours.
      '@typescript-eslint/dot-notation': ['error', { allowIndexSignaturePropertyAccess: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  {
    files: ['**/*.ts'],
    ignores: ['**/*.test.ts'],
    // A warning only: a table in a function may be long.
    rules: { 'max-lines-per-function': ['warn', { max: 50, skipBlankLines: true, skipComments: true }] },
  },
  {
    files: ['workflows/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: { '@typescript-eslint/no-restricted-imports': ['error', workflowImports] },
  },
  {
    files: ['**/*.test.ts'],
    rules: {
      'no-restricted-properties': ['error', ...noDeadTests],
      'no-restricted-imports': ['error', { paths: [{ name: '@jest/globals', message: 'The globals are there.' }] }],
    },
  },
  { files: ['cli/**', 'bench/**', 'test/**', 'build.mjs'], rules: { 'no-console': 'off' } },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: {
      globals: { console: 'readonly', process: 'readonly', URL: 'readonly', module: 'writable', require: 'readonly' },
    },
  },
);
