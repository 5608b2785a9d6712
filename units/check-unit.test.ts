import { z } from 'zod';
import { unitFault as faultOf } from './check-unit.js';
import { BadInput, defineFilter, definePreparedFilter, defineT2, defineT3, ORIGIN } from './define.js';

const peak = defineT2({
  name: 'T2Peak',
  version: '1.0.0',
  summary: 'Brightest detection.',
  input: 'lightCurve',
  cost: 'light',
  config: z.strictObject({ band: z.string().optional() }),
  result: z.number(),
  run: () => {
    throw new BadInput('no detection');
  },
});

/** Takes what no compiler lets through. */
function unitFault(unit: { readonly tier: string } & Readonly<Record<string, unknown>>): string | undefined {
  return faultOf(unit);
}

const facts = { name: 'AUnit', version: '1.0.0', summary: 'What it does.', config: z.strictObject({}) };

describe('a unit of another package', () => {
  it.each([
    peak,
    { ...peak, needs: [{ unit: 'T2Redshift', of: 'stock' }], execution: { group: 'fits', perSecond: 2 } },
    defineFilter({ ...facts, reads: { candidate: ['rb'], history: [] }, reasons: {}, run: () => ({ accepted: true }) }),
    definePreparedFilter({
      ...facts,
      ...{ reads: () => ({ candidate: [], history: [] }), reasons: { rb: 'not real' }, files: () => ['list.csv'] },
      bind: () => () => ({ accepted: true }),
    }),
    defineT3({ ...facts, compose: () => null, send: () => Promise.resolve({ status: '200' }) }),
    defineT3({
      ...{ ...facts, compose: () => null, send: () => Promise.resolve({ status: '200', pending: true }) },
      ...{ find: () => Promise.resolve('not there'), follow: () => Promise.resolve({ status: 'done' }) },
    }),
  ])('fits where all its parts do', (unit) => {
    expect(faultOf(unit)).toBeUndefined();
  });

  it.each([
    [
      { input: 'lightcurve' },
      '"input": found "lightcurve", expected one of "datapoint", "stock", "state", "lightCurve"',
    ],
    [{ input: 'lightcurve' }, 'did you mean "lightCurve"?'],
    [{ cost: undefined }, '"cost": missing, expected one of "light", "heavy", "remote"'],
    [{ version: '1.0' }, '"version": found "1.0", expected three numbers, such as "1.0.0"'],
    [{ version: 1 }, '"version": found 1, expected three numbers'],
    [{ name: 't2_peak' }, '"name": found "t2_peak", expected capitals at the start of words'],
    [{ run: undefined }, '"run": missing, expected a function'],
    [{ needs: ['T2Redshift'] }, '"needs.0": found "T2Redshift", expected { unit, of }'],
    [{ execution: { timeoutMS: 1 } }, 'an unknown part "execution.timeoutMS"; did you mean "timeoutMs"?'],
    [{ sumary: 'Peak.' }, 'an unknown part "sumary"; did you mean "summary"?'],
    [
      { config: { band: 'g' } },
      '"config": found no schema of zod 4, expected one made with the z of ampel-temporal/units',
    ],
    [{ config: z.object({}) }, '"config": expected z.strictObject({…}), so that a misspelt key is an error'],
    [{ result: Number }, '"result": found no schema of zod 4'],
  ])('is told what does not fit, what was found and what was expected: %j', (change, fault) => {
    expect(unitFault({ ...peak, ...change })).toContain(fault);
  });

  it('is told where its schema is of another version of zod, as it would fail later', () => {
    const other = { _zod: { version: { major: 4, minor: 1, patch: 12 } } };
    expect(unitFault({ ...peak, result: other })).toMatch(
      /^does not fit at "result": found a schema of zod 4\.1, expected one of zod 4\.\d+: import z from ampel-temporal\/units$/,
    );
  });

  it('is refused where no copy of this package has declared it, or another one', () => {
    expect(unitFault({ tier: 't2', name: 'T2Peak' })).toMatch(/^was not made by defineFilter, defineT2,/);
    const other = { ...peak, [ORIGIN]: { module: 'file:///elsewhere/units/define.js' } };
    expect(unitFault(other)).toMatch(/^was made by another copy of ampel-temporal \(file:\/\/\/elsewhere\//);
  });
});
