import { z } from 'zod';
import { defineFilter, defineT2, type Unit } from './define.js';
import { loadRegistry, registryOf, UnknownUnit } from './registry.js';

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
  it('has the filter, the T2 units and the reaction that channels of AMPEL start from, ascending by name', async () => {
    const names = (await loadRegistry()).all().map((unit) => unit.name);
    expect(names).toEqual(
      expect.arrayContaining(['DecentFilter', 'T2LightCurveFeatures', 'T2LightCurveSummary', 'WebhookReaction']),
    );
    expect(names).toEqual([...names].sort());
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
