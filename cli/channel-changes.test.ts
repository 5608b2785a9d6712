import { changesBetween, changeText } from './channel-changes.js';

describe('what a revision of a channel changes', () => {
  it('is told leaf by leaf, with what was and what is', () => {
    const before = {
      version: '1.0.0',
      t0: { config: { min_rb: 0.3, max_tspan: 5 } },
      t2: [{ unit: 'A' }, { unit: 'B' }],
    };
    const after = { version: '1.1.0', t0: { config: { min_rb: 0.5, gaia_rs: 0 } }, t2: [{ unit: 'A' }, { unit: 'C' }] };
    expect(changesBetween(before, after).map(changeText)).toEqual([
      'version: "1.0.0" -> "1.1.0"',
      't0.config.min_rb: 0.3 -> 0.5',
      't0.config.max_tspan: 5 -> nothing',
      't0.config.gaia_rs: nothing -> 0',
      't2[1].unit: "B" -> "C"',
    ]);
  });

  it('is a whole list where its length changes, and nothing where nothing does', () => {
    expect(changesBetween({ t2: [1] }, { t2: [1, 2] })).toEqual([{ path: 't2', before: [1], after: [1, 2] }]);
    expect(changesBetween({ t2: [1], t3: {} }, { t2: [1], t3: {} })).toEqual([]);
    expect(changesBetween({ t0: [1] }, { t0: { unit: 'A' } })).toMatchObject([{ path: 't0' }]);
  });
});
