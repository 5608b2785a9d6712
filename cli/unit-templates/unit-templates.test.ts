import { join, resolve } from 'node:path';
import { check } from 'prettier';
import ts from 'typescript';
import { computationText } from './computation.js';
import { filterText } from './filter.js';
import { reactionText } from './reaction.js';
import { houseStyle, packageStyle } from './style.js';

const root = resolve(import.meta.dirname, '../..');
const TEXTS = [
  ['t0', 'ABrightFilter', filterText],
  ['t2', 'T2PeakMagnitude', computationText],
  ['t3', 'ChatReaction', reactionText],
] as const;
const FORMAT = { printWidth: 120, singleQuote: true, trailingComma: 'all' } as const;

/** What the compiler says about texts that stand in no file. */
function mistakesIn(texts: ReadonlyMap<string, string>): string[] {
  const file = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)).config as unknown;
  const { options } = ts.parseJsonConfigFileContent(
    { ...Object(file), files: ['units/define.ts'], include: [] },
    ts.sys,
    root,
  );
  const host = ts.createCompilerHost({ ...options, noEmit: true });
  host.fileExists = (path) => texts.has(path) || ts.sys.fileExists(path);
  host.readFile = (path) => texts.get(path) ?? ts.sys.readFile(path);
  const program = ts.createProgram([...texts.keys()], { ...options, noEmit: true }, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('the unit that a scientist begins with', () => {
  it('is formatted as this repository is, and so is its test', async () => {
    for (const [, name, textOf] of TEXTS) {
      const constant = name.charAt(0).toLowerCase() + name.slice(1);
      const house = textOf({ name, constant, moduleFile: 'its-unit.js', style: houseStyle });
      const outside = textOf({ name, constant, moduleFile: 'its-unit.mjs', style: packageStyle });
      for (const text of [house.unit, house.test])
        expect(await check(text, { ...FORMAT, parser: 'typescript' })).toBe(true);
      for (const text of [outside.unit, outside.test])
        expect(await check(text, { ...FORMAT, parser: 'babel' })).toBe(true);
    }
  });

  it('is taken by the compiler, so that a mistake in it is the scientist’s own', () => {
    const texts = new Map<string, string>();
    for (const [tier, name, textOf] of TEXTS) {
      const folder = join(root, 'units', tier);
      const { unit, test } = textOf({ name, constant: 'itsUnit', moduleFile: `its-${tier}.js`, style: houseStyle });
      texts.set(join(folder, `its-${tier}.ts`), unit).set(join(folder, `its-${tier}.test.ts`), test);
    }
    expect(mistakesIn(texts)).toEqual([]);
    const wrong = [...texts.values()].map((text) => text.replaceAll('reads:', 'reds:'));
    expect(mistakesIn(new Map([...texts.keys()].map((path, index) => [path, wrong[index] ?? ''])))).not.toEqual([]);
  });

  it('takes nothing but what Node and this package have', () => {
    for (const [, name, textOf] of TEXTS) {
      const { unit, test } = textOf({ name, constant: 'itsUnit', moduleFile: 'its-unit.mjs', style: packageStyle });
      const imported = [...`${unit}${test}`.matchAll(/ from '([^']+)'/g)].map(([, from]) => from);
      expect(imported).toEqual(['ampel-temporal/units', 'node:assert/strict', 'node:test', './its-unit.mjs']);
    }
  });
});
