/** Jest in ESM mode, as it cannot `require` ESM-only libraries: NODE_OPTIONS must have --experimental-vm-modules. */
const esm = {
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: {
    '\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript' },
          target: 'es2022',
          transform: { verbatimModuleSyntax: true },
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
};

/** Of the whole configuration: jest ignores it inside a project. For servers on a busy machine, not a measure of anything. */
const TEST_TIMEOUT_MS = 120_000;

/** Folders of test/ with a project of their own; every other `*.test.ts` is a unit test. */
const suites = ['replay', 'workflows', 'e2e', 'kill', 'record'];

export default {
  testTimeout: TEST_TIMEOUT_MS,
  projects: [
    {
      ...esm,
      displayName: 'unit',
      testMatch: ['<rootDir>/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', ...suites.map((name) => `<rootDir>/test/${name}/`)],
    },
    ...suites.map((name) => ({
      ...esm,
      displayName: name,
      testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
      globalSetup: '<rootDir>/test/workflow-bundle.setup.mjs',
    })),
  ],
};
