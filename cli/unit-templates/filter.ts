import type { NewUnit, UnitText } from './unit-text.js';

/** A cut on one field of the alert. */
export const filterText: UnitText = (unit) => ({ unit: unitOf(unit), test: testOf(unit) });

function unitOf({ name, constant, style }: NewUnit): string {
  return `${style.imports('defineFilter')}
/** For whom this filter is, and where its cuts come from. */
export const ${constant} = defineFilter({
  name: '${name}',
  version: '1.0.0',
  summary: 'Bright alerts.',
  surveys: ['ztf'],
  config: z.strictObject({
    max_mag: z.number().default(19).describe('faintest magnitude accepted (mag)'),
  }),
  // Every field that "run" looks at: a stream decodes no others for it.
  reads: { candidate: ['magpsf'], history: [] },
  reasons: { magpsf: 'fainter than max_mag' },
  run({ candidate: { magpsf } }, { max_mag }) {
    if (typeof magpsf === 'number' && magpsf <= max_mag) return { accepted: true };
    return { accepted: false, reason: 'magpsf', field: 'magpsf', value: magpsf, limit: max_mag };
  },
});
`;
}

function testOf({ name, constant, moduleFile, style }: NewUnit): string {
  return `${style.typed("import type { AlertContent } from '../../model/alert.js';\n")}${style.testImports(constant, moduleFile)}
const config = ${constant}.config.parse({});
const rejection = { accepted: false, reason: 'magpsf', field: 'magpsf', value: 19.3, limit: 19 };

function alertOf(magpsf${style.typed(': number')})${style.typed(': AlertContent')} {
  return { candidate: { magpsf }, history: [] };
}

describe('${name}', () => {
  it('accepts what is as bright as asked for', () => {
    ${style.isEqual(`${constant}.run(alertOf(19), config)`, '{ accepted: true }')}
  });

  it('rejects what is fainter, with value and limit', () => {
    ${style.isEqual(`${constant}.run(alertOf(19.3), config)`, 'rejection')}
  });
});
`;
}
