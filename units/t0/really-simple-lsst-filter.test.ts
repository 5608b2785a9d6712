import { join } from 'node:path';
import type { Fields } from '../../model/datapoint.js';
import type { Verdict } from '../../model/decision.js';
import { readArchive } from '../../streams/archive/archive.js';
import { lsst } from '../../streams/lsst/survey.js';
import { isBad } from '../../streams/packet.js';
import { describeWithData, sharedData } from '../../test/shared-data.js';
import { reallySimpleLsstFilter } from './really-simple-lsst-filter.js';

const ACCEPTED: Verdict = { accepted: true };
const source = (midpointMjdTai: number, diaSourceId = '1'): Fields => ({ midpointMjdTai, diaSourceId });
/** A source five days before the triggering one, forced photometry long before. */
const HISTORY: readonly Fields[] = [{ midpointMjdTai: 60900, diaForcedSourceId: '7' }, source(60995.5)];
const CUTS = { min_ndet: 2, max_ndet: null, min_tspan: 1, max_tspan: 10 };

function decide(config: Readonly<Record<string, number | null>> = {}, history = HISTORY): Verdict {
  const cuts = reallySimpleLsstFilter.config.parse({ ...CUTS, ...config });
  return reallySimpleLsstFilter.run({ candidate: source(61000.5, '2'), history }, cuts);
}

describe('ReallySimpleLSSTFilter', () => {
  it.each([
    ['as many as the least', { min_ndet: 2 }],
    ['as many as the most', { max_ndet: 2 }],
    ['0 for no most', { max_ndet: 0 }],
    ['as long as the least', { min_tspan: 5 }],
    ['as long as the most', { max_tspan: 5 }],
  ])('accepts an alert whose sources are %s, forced photometry not counted', (_, config) => {
    expect(decide(config)).toEqual(ACCEPTED);
  });

  it.each<[string, Readonly<Record<string, number>>, Omit<Extract<Verdict, { accepted: false }>, 'accepted'>]>([
    ['too few', { min_ndet: 3 }, { reason: 'nDet', field: 'nDet', value: 2, limit: 3 }],
    ['too many', { max_ndet: 1 }, { reason: 'nDet', field: 'nDet', value: 2, limit: 1 }],
    ['too soon', { min_tspan: 5.001 }, { reason: 'tSpan', field: 'midpointMjdTai', value: 5, limit: 5.001 }],
    ['too long', { max_tspan: 4.999 }, { reason: 'tSpan', field: 'midpointMjdTai', value: 5, limit: 4.999 }],
  ])('rejects an alert whose sources are %s', (_, config, rejection) => {
    expect(decide(config)).toEqual({ accepted: false, ...rejection });
  });

  it('finds a time of 0 between sources where there is only one', () => {
    expect(decide({ min_ndet: 1, min_tspan: 0 }, [])).toEqual(ACCEPTED);
    expect(decide({ min_ndet: 1, min_tspan: 0.1 }, [])).toMatchObject({ reason: 'tSpan', value: 0 });
  });

  it('does not accept an alert with a source whose time is unknown', () => {
    expect(decide({}, [{ diaSourceId: '1' }])).toMatchObject({ accepted: false, reason: 'tSpan' });
  });
});

describeWithData('ReallySimpleLSSTFilter on ten simulated alerts', () => {
  it('decides the same from packet and store: all of them without limits, the one with a history with them', async () => {
    const loose = { min_ndet: 0, max_ndet: null, min_tspan: 0, max_tspan: 1e9 };
    const screen = lsst.screenReader(reallySimpleLsstFilter.reads);
    const accepted: string[] = [];
    let count = 0;
    for await (const packet of readArchive([join(sharedData, 'lsst/ampel/schema_701.avro')])) {
      if (isBad(packet)) throw packet.problem;
      const early = screen(packet).view(['LSST']);
      const alert = lsst.readAlert(packet);
      const stored = lsst.filterInput(alert, ['LSST']);
      if (early === undefined || stored === undefined) throw new Error('a public alert');
      expect(reallySimpleLsstFilter.run(early, loose)).toEqual(ACCEPTED);
      const verdict = reallySimpleLsstFilter.run(early, { ...loose, min_ndet: 2 });
      expect(reallySimpleLsstFilter.run(stored, { ...loose, min_ndet: 2 })).toEqual(verdict);
      if (verdict.accepted) accepted.push(alert.objectId);
      count++;
    }
    expect([count, accepted]).toEqual([10, []]);
  });
});
