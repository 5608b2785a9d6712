import { z } from 'zod';
import { defineFilter, defineT2, type Unit } from './define.js';
import { loadRegistry, registryOf, UnknownUnit } from './registry.js';
import { SetupProblem } from './setup-problem.js';

function filterNamed(name: string): Unit {
  return defineFilter({
    name,
    version: '1.0.0',
    summary: 'Takes every alert.',
    config: z.strictObject({}),
    reads: { candidate: [], history: [] },
    reasons: {},
    run: () => ({ accepted: true }),
  });
}

const peakMagnitude = defineT2({
  name: 'T2PeakSNMag',
  version: '1.0.0',
  summary: 'Brightest detection.',
  input: 'lightCurve',
  cost: 'light',
  config: z.strictObject({}),
  result: z.number(),
  run: () => 18.5,
});

const twoUnits = registryOf([
  { file: 'units/t0/decent-filter.ts', tier: 't0', exports: { decentFilter: filterNamed('DecentFilter') } },
  { file: 'units/t2/t2-peak-sn-mag.ts', tier: 't2', exports: { peakMagnitude, LIMIT: 19.5 } },
]);

describe('the registry of the units that there are', () => {
  it('has the filter, the T2 units and the reactions that channels of AMPEL start from, ascending by name', async () => {
    const names = (await loadRegistry()).all().map((unit) => unit.name);
    expect(names).toEqual(
      expect.arrayContaining([
        ...[
          'DecentFilter',
          'SlackReaction',
          'T2LightCurveFeatures',
          'T2LightCurveSummary',
          'TNSReport',
          'WebhookReaction',
        ],
      ]),
    );
    expect(names).toEqual([...names].sort());
  });

  it('knows that they come from this package', async () => {
    expect((await loadRegistry()).from('DecentFilter')).toBe('ampel-temporal');
  });

  it('is read once a process', async () => {
    expect(await loadRegistry()).toBe(await loadRegistry());
  });

  it('has units whose config can be shown as a JSON schema, for editors and docs', async () => {
    for (const unit of (await loadRegistry()).all()) {
      expect(z.toJSONSchema(unit.config, { io: 'input' })).toMatchObject({
        type: 'object',
        additionalProperties: false,
      });
    }
  });

  it('has units with a version of three numbers and a summary of one sentence', async () => {
    for (const unit of (await loadRegistry()).all()) {
      expect(unit.version).toMatch(/^\d+\.\d+\.\d+$/);
      expect(unit.summary).toMatch(/^[A-Z].*\.$/);
    }
  });
});

describe('a name that is looked up', () => {
  it('gives the unit of its tier', () => {
    expect(twoUnits.filter('DecentFilter').tier).toBe('t0');
    expect(twoUnits.t2('T2PeakSNMag')).toBe(peakMagnitude);
  });

  it('is answered with the nearest known name where it is misspelt', () => {
    expect(() => twoUnits.filter('DecentFiltre')).toThrow(
      new UnknownUnit('There is no t0 unit "DecentFiltre"; did you mean "DecentFilter"?'),
    );
  });

  it('is answered with its tier where it is of another', () => {
    expect(() => twoUnits.t2('DecentFilter')).toThrow('DecentFilter is of tier t0');
  });

  it('is answered with the known names where none is near', () => {
    expect(() => twoUnits.t2('T2SNcosmo')).toThrow('known: T2PeakSNMag');
    expect(() => twoUnits.t3('SlackReaction')).toThrow('known: none');
  });
});

describe('a folder of units', () => {
  it('is refused where a file is not named after its unit', () => {
    const exports = { filter: filterNamed('DecentFilter') };
    expect(() => registryOf([{ file: 'units/t0/decent.ts', tier: 't0', exports }])).toThrow(
      'units/t0/decent.ts exports DecentFilter: name it decent-filter.ts',
    );
  });

  it('is refused where two files claim one name', () => {
    const exports = { filter: filterNamed('RcfFilter') };
    const modules = ['units/t0/rcf-filter.ts', 'other/t0/rcf-filter.ts'].map(
      (file) => ({ file, tier: 't0', exports }) as const,
    );
    expect(() => registryOf(modules)).toThrow(
      'Two units are named RcfFilter: units/t0/rcf-filter.ts and other/t0/rcf-filter.ts',
    );
  });

  it('is refused where a unit stands in the folder of another tier', () => {
    const exports = { filter: filterNamed('DecentFilter') };
    expect(() => registryOf([{ file: 'units/t2/decent-filter.ts', tier: 't2', exports }])).toThrow(
      'move it to units/t0',
    );
  });

  it('is refused where a file exports no unit, or two', () => {
    const two = { a: filterNamed('AFilter'), b: filterNamed('BFilter') };
    expect(() => registryOf([{ file: 'units/t0/cuts.ts', tier: 't0', exports: { cut: 3 } }])).toThrow(
      'exports no unit',
    );
    expect(() => registryOf([{ file: 'units/t0/a-filter.ts', tier: 't0', exports: two }])).toThrow(
      'exports 2 units (AFilter, BFilter)',
    );
  });
});

describe('units of other packages', () => {
  const own = { file: 'units/t0/decent-filter.ts', tier: 't0', exports: { a: filterNamed('DecentFilter') } } as const;

  function outside(
    file: string,
    exports: Record<string, unknown>,
    tier?: Unit['tier'],
  ): Parameters<typeof registryOf>[0][0] {
    return { file, exports, from: './my-units', ...(tier !== undefined && { tier }) };
  }

  it('stand beside those of this one, and it is known where they come from', () => {
    const registry = registryOf([own, outside('my-units/peak.mjs', { peakMagnitude, default: peakMagnitude })]);
    expect(registry.t2('T2PeakSNMag')).toBe(peakMagnitude);
    expect(registry.from('T2PeakSNMag')).toBe('./my-units');
    expect(registry.from('DecentFilter')).toBe('ampel-temporal');
  });

  it.each([
    [
      { DECENT: filterNamed('DecentFilter') },
      'Two units are named DecentFilter: units/t0/decent-filter.ts and my-units/x.mjs',
    ],
    [{ DECENT: filterNamed('DecentFilter') }, 'the first is of ampel-temporal itself, name the second otherwise'],
    [{ limit: 3 }, 'my-units/x.mjs exports no unit: expected "export const … = defineT2({…})" or the like'],
    [{ a: filterNamed('AFilter'), b: filterNamed('BFilter') }, 'my-units/x.mjs exports 2 units: give each a file'],
    [
      { bad: { ...peakMagnitude, input: 'lightcurve' } },
      'my-units/x.mjs: the unit that it exports does not fit at "input"',
    ],
    [
      { plain: { tier: 't2', name: 'T2Plain' } },
      'my-units/x.mjs: the unit that it exports was not made by defineFilter',
    ],
  ])('are told what is wrong with them, with their file: %#', (exports, message) => {
    expect(() => registryOf([own, outside('my-units/x.mjs', exports)])).toThrow(SetupProblem);
    expect(() => registryOf([own, outside('my-units/x.mjs', exports)])).toThrow(message);
  });

  it('are told where two of them claim one name, and where one stands in the folder of another tier', () => {
    const modules = ['a/x.mjs', 'b/x.mjs'].map((file) => outside(file, { peakMagnitude }));
    expect(() => registryOf(modules)).toThrow(new SetupProblem('Two units are named T2PeakSNMag: a/x.mjs and b/x.mjs'));
    expect(() => registryOf([outside('my-units/t0/x.mjs', { peakMagnitude }, 't0')])).toThrow('move it to t2/');
  });
});
