import { forAll, type UnitTask } from '../model/transient.js';
import { UnitLedger } from './unit-ledger.js';

const fit = (key: string, unit = 'T2RunSncosmo'): UnitTask => ({
  ...{ key, unit, link: key, alertId: '1', jd: 2459000.5, channels: ['HU_RAPID@abc'] },
});
const keys = (ledger: UnitLedger): string[] => ledger.take().map(({ task }) => task.key);

it('a task that is asked for twice is for the channels and groups of both, and sets off a reaction for one of them', () => {
  const quiet = { ...fit('a'), quiet: true };
  const loud = { ...fit('a'), channels: ['NUCLEAR@def'], groups: { 'NUCLEAR@def': 2 } };
  const both = { channels: ['HU_RAPID@abc', 'NUCLEAR@def'], groups: { 'NUCLEAR@def': 2 }, quiet: false };
  expect(forAll(quiet, loud)).toMatchObject(both);
  expect(forAll(quiet, quiet)).toMatchObject({ quiet: true });
});

describe('UnitLedger', () => {
  it('runs a fit once although two alerts ask for the same state', () => {
    const ledger = new UnitLedger();
    ledger.add([fit('a')]);
    ledger.add([fit('a'), fit('b')]);

    expect(keys(ledger)).toEqual(['a', 'b']);
    ledger.add([fit('a')]);
    expect(keys(ledger)).toEqual([]);
  });

  it('keeps a fit that failed for good until it succeeds when run again', () => {
    const ledger = new UnitLedger();
    ledger.add([fit('a'), fit('b', 'T2CatalogMatch')]);
    ledger.take();
    ledger.fail('a', 'no template');
    ledger.succeed('b');
    expect(ledger.failed).toEqual([{ ...fit('a'), error: 'no template' }]);

    expect(ledger.rerun('T2RunSncosmo', 'templates are back (jn)')).toBe(1);
    expect(ledger.take()).toEqual([{ task: fit('a'), because: 'templates are back (jn)' }]);
    expect(ledger.failedUnits).toEqual(['T2RunSncosmo']);
    ledger.succeed('a');
    expect(ledger.failed).toEqual([]);
  });

  it('starts a tied unit when what it needs has ended, well or not', () => {
    const ledger = new UnitLedger();
    const tied = { ...fit('tied', 'T2AbsoluteMagnitude'), after: ['a', 'b', 'done long ago'] };
    ledger.add([tied, fit('a'), fit('b')]);
    expect(keys(ledger)).toEqual(['a', 'b']);
    ledger.succeed('a');
    expect(keys(ledger)).toEqual([]);
    ledger.fail('b', 'no template');
    expect(keys(ledger)).toEqual(['tied']);
  });

  it('tries again what failed for the lack of a result when that is there', () => {
    const ledger = new UnitLedger();
    const tied = { ...fit('tied', 'T2AbsoluteMagnitude'), after: ['a'] };
    ledger.add([fit('a'), tied]);
    ledger.take();
    ledger.fail('a', 'no template');
    ledger.take();
    ledger.fail('tied', 'needs T2RunSncosmo, which failed');
    ledger.rerun('T2RunSncosmo', 'templates are back (jn)');
    expect(keys(ledger)).toEqual(['a']);
    ledger.succeed('a');
    expect(ledger.take()).toEqual([{ task: tied, because: 'T2RunSncosmo has a result now' }]);
    ledger.succeed('tied');
    expect(ledger.failed).toEqual([]);
  });

  it('tells a result that runs already that another channel wants it too', () => {
    const ledger = new UnitLedger();
    const other = { ...fit('a'), channels: ['NUCLEAR@def'], groups: { 'NUCLEAR@def': 2 } };
    ledger.add([fit('a')]);
    ledger.take();
    ledger.add([fit('a'), other]);
    expect(keys(ledger)).toEqual([]);
    expect(ledger.carried().queued.map(({ task }) => task.channels)).toEqual([['HU_RAPID@abc'], ['NUCLEAR@def']]);
    ledger.succeed('a');
    expect(ledger.take()).toEqual([{ task: other }]);

    ledger.add([fit('b'), { ...other, key: 'b' }]);
    expect(ledger.take().map(({ task }) => task.channels)).toEqual([['HU_RAPID@abc', 'NUCLEAR@def']]);
  });

  it('refuses to run again what has not failed or runs again already', () => {
    const ledger = new UnitLedger();
    expect(ledger.rerunProblem('T2RunSncosmo')).toBe('T2RunSncosmo has not failed: no unit has');
    ledger.add([fit('a')]);
    ledger.take();
    ledger.fail('a', 'no template');

    expect(ledger.rerunProblem('T2Sncosmo')).toBe('T2Sncosmo has not failed: failed are T2RunSncosmo');
    expect(ledger.rerunProblem('T2RunSncosmo')).toBeUndefined();
    ledger.rerun('T2RunSncosmo', 'first');
    expect(ledger.rerunProblem('T2RunSncosmo')).toBe('T2RunSncosmo is being run again already');
    expect(ledger.rerun('T2RunSncosmo', 'second')).toBe(0);
    expect(keys(ledger)).toEqual(['a']);
  });

  it('starts a hundred fits at once and the next when one ends', () => {
    const ledger = new UnitLedger();
    ledger.add(Array.from({ length: 120 }, (_, n) => fit(String(n))));

    expect(ledger.take()).toHaveLength(100);
    expect(ledger.take()).toEqual([]);
    ledger.fail('7', 'no template');
    expect(keys(ledger)).toEqual(['100']);
  });

  it('keeps the newest failures, with short errors: each run hands them to the next', () => {
    const ledger = new UnitLedger();
    for (let n = 0; n < 250; n++) {
      ledger.add([fit(String(n))]);
      ledger.take();
      ledger.fail(String(n), 'x'.repeat(1_000));
    }

    expect(ledger.failed).toHaveLength(200);
    expect(ledger.failed[0]?.key).toBe('50');
    expect(JSON.stringify(ledger.carried()).length).toBeLessThan(100_000);
  });

  it('hands what runs and what waits to the next run', () => {
    const ledger = new UnitLedger();
    ledger.add([fit('a')]);
    ledger.take();
    ledger.add([fit('b')], 'again (jn)');
    const next = new UnitLedger(ledger.carried());

    expect(next.take()).toEqual([{ task: fit('a') }, { task: fit('b'), because: 'again (jn)' }]);
  });
});
