import type { NewUnit, UnitText } from './unit-text.js';

/** The peak of a light curve. */
export const computationText: UnitText = (unit) => ({ unit: unitOf(unit), test: testOf(unit) });

function unitOf({ name, constant, style }: NewUnit): string {
  return `${style.imports('defineT2', 'BadInput')}
/** What it tells, and where its formula comes from. */
export const ${constant} = defineT2({
  name: '${name}',
  // A new one whenever the same light curve may give another result.
  version: '1.0.0',
  summary: 'Brightest detection of the light curve.',
  surveys: ['ztf'],
  input: 'lightCurve',
  cost: 'light',
  config: z.strictObject({
    band: z.enum(['g', 'r', 'i']).optional().describe('only detections in this band'),
  }),
  result: z.object({
    mag: z.number().describe('magnitude at the peak (mag)'),
    jd: z.number().describe('time of the peak (Julian date)'),
    detections: z.int().describe('how many there are'),
  }),
  run({ datapoints }, { band }) {
    const measured = datapoints.flatMap(({ kind, jd, band: own, body: { magpsf } }) =>
      kind === 'detection' && typeof magpsf === 'number' && (band ?? own) === own ? [{ jd, mag: magpsf }] : [],
    );
    const [brightest] = [...measured].sort((a, b) => a.mag - b.mag);
    if (brightest === undefined) throw new BadInput('no detection');
    return { ...brightest, detections: measured.length };
  },
});
`;
}

function testOf({ name, constant, moduleFile, style }: NewUnit): string {
  return `${style.typed("import type { Datapoint } from '../../model/datapoint.js';\n")}${style.testImports(constant, moduleFile)}
function detection(id${style.typed(': string')}, jd${style.typed(': number')}, band${style.typed(': string')}, magpsf${style.typed(': number')})${style.typed(': Datapoint')} {
  return { id, kind: 'detection', jd, band, tags: [], body: { magpsf } };
}

const lightCurve = {
  ...{ objectId: 'ZTF21abiuvdk', stock: '1', link: '1' },
  datapoints: [
    detection('1001', 2459370.9, 'r', 18.9),
    detection('1002', 2459372.8, 'g', 17.6),
    detection('1003', 2459375.9, 'r', 17.9),
  ],
};

describe('${name}', () => {
  it('is the brightest detection, of all bands or of one', () => {
    ${style.isEqual(`${constant}.run(lightCurve, {})`, '{ mag: 17.6, jd: 2459372.8, detections: 3 }')}
    ${style.isEqual(`${constant}.run(lightCurve, { band: 'r' })`, '{ mag: 17.9, jd: 2459375.9, detections: 2 }')}
  });

  it('is told to be no result where nothing was detected', () => {
    ${style.throws(`${constant}.run(lightCurve, { band: 'i' })`, 'no detection')}
  });
});
`;
}
