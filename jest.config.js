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

const SERVER_TIMEOUT_MS = 60_000;

/** Folders of test/ with a project of their own; every other `*.test.ts` is a unit test. */
const suites = ['replay', 'workflows', 'e2e', 'kill', 'record'];

export default {
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
      testTimeout: SERVER_TIMEOUT_MS,
      globalSetup: '<rootDir>/test/workflow-bundle.setup.mjs',
    })),
  ],
};
