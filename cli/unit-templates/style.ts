/** How a new unit is written: in this repository, or outside, where a stranger has Node and this package only. */
export interface Style {
  /** First lines of the unit: what `define…` and `names` are imported from. */
  imports(define: string, ...names: readonly string[]): string;
  /** First lines of its test, which imports the constant of the unit from its file. */
  testImports(constant: string, file: string): string;
  /** What only TypeScript has. */
  typed(text: string): string;
  /** A line of a test: both are equal. */
  isEqual(found: string, expected: string): string;
  /** A line of a test: a call throws, with this in its message. */
  throws(call: string, message: string): string;
  /** A line of a test: a promise rejects with an error of this name. */
  rejects(promise: string, name: string): string;
}

/** TypeScript, tested with Jest. */
export const houseStyle: Style = {
  imports(define, ...names) {
    return `import { z } from 'zod';\nimport { ${[...names, define].sort(byLetters).join(', ')} } from '../define.js';\n`;
  },
  testImports: (constant, file) => `import { ${constant} } from './${file}';\n`,
  typed: (text) => text,
  isEqual: (found, expected) => `expect(${found}).toEqual(${expected});`,
  throws: (call, message) => `expect(() => ${call}).toThrow('${message}');`,
  rejects: (promise, name) => `await expect(${promise}).rejects.toMatchObject({ name: '${name}' });`,
};

/** JavaScript whose types an editor checks, tested with what Node has. */
export const packageStyle: Style = {
  imports(define, ...names) {
    const all = [...names, define].sort(byLetters);
    return `// @ts-check\nimport { ${[...all, 'z'].join(', ')} } from 'ampel-temporal/units';\n`;
  },
  testImports: (constant, file) =>
    `import assert from 'node:assert/strict';\nimport { describe, it } from 'node:test';\n` +
    `import { ${constant} } from './${file}';\n`,
  typed: () => '',
  isEqual: (found, expected) => `assert.deepEqual(${found}, ${expected});`,
  throws: (call, message) => `assert.throws(() => ${call}, /${message}/);`,
  rejects: (promise, name) => `await assert.rejects(${promise}, { name: '${name}' });`,
};

function byLetters(a: string, b: string): number {
  return a.toLowerCase() < b.toLowerCase() ? -1 : 1;
}
