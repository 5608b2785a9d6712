import { join } from 'node:path';
import type { Datapoint } from '../model/datapoint.js';
import { readArchive } from '../streams/archive/archive.js';
import { isBad } from '../streams/packet.js';
import { ztf } from '../streams/ztf/survey.js';
import { describeWithData, sharedData } from '../test/shared-data.js';
import type { CombineOptions } from '../model/channel.js';
import { lsst } from '../streams/lsst/survey.js';
import { combineState, earlierStates, inTime, type CombinedState } from './combine.js';

const NIGHT = 2458426.75;
const BOTH = ['ZTF_PUB', 'ZTF_PRIV'];

function detection(id: string, jd: number, programid = 1, rcid = 50): Datapoint {
  const access = programid === 1 ? 'ZTF_PUB' : 'ZTF_PRIV';
  return { id, kind: 'detection', jd, band: 'r', tags: ['ZTF', access, 'ZTF_R'], body: { jd, rcid, programid } };
}

function limit(id: string, jd: number, rcid = 50): Datapoint {
  return { ...detection(id, jd, 1, rcid), kind: 'upperLimit' };
}

const idsOf = (known: readonly Datapoint[], jd = NIGHT, access = BOTH): readonly string[] =>
  combineState(ztf, known, { jd }, { access }).ids;

describe('the state of an object at an alert', () => {
  it('has the points up to the alert, ids ascending, and points in order of time', () => {
    const known = [detection('3', NIGHT), limit('-9', NIGHT - 2), detection('2', NIGHT - 1), detection('4', NIGHT + 1)];
    const state = combineState(ztf, known, { jd: NIGHT }, { access: BOTH });
    expect(state.ids).toEqual(['-9', '2', '3']);
    expect(state.datapoints.map(({ id }) => id)).toEqual(['-9', '2', '3']);
    expect(idsOf(known, NIGHT - 1)).toEqual(['-9', '2']);
  });

  it('does not depend on the order in which the points came', () => {
    const known = [detection('3', NIGHT), limit('-9', NIGHT - 2), detection('2', NIGHT - 1)];
    expect(combineState(ztf, known.toReversed(), { jd: NIGHT }, { access: BOTH })).toEqual(
      combineState(ztf, known, { jd: NIGHT }, { access: BOTH }),
    );
  });

  it('has of an exposure that was issued again only the newest reprocessing, the highest id', () => {
    const ids = ['1382469035815015012', '1382469035815015019', '1382469035815015018'];
    expect(idsOf(ids.map((id) => detection(id, NIGHT)))).toEqual(['1382469035815015019']);
  });

  it('has both of two exposures, and of two quadrants at the same time', () => {
    expect(idsOf([detection('1', NIGHT), detection('2', NIGHT - 0.001)])).toEqual(['1', '2']);
    expect(idsOf([detection('1', NIGHT), detection('2', NIGHT, 1, 51)])).toEqual(['1', '2']);
  });

  it('has a detection rather than the limit of the same exposure', () => {
    expect(idsOf([limit('-3352405322819025', NIGHT), detection('7', NIGHT)])).toEqual(['7']);
  });

  it('knows the quadrant from the processing id where the packet does not give it', () => {
    const early = { ...detection('1', NIGHT), body: { jd: NIGHT, pid: 673285273115 } };
    expect(idsOf([early, detection('2', NIGHT, 1, 31)])).toEqual(['2']);
    expect(idsOf([early, detection('2', NIGHT, 1, 32)])).toEqual(['1', '2']);
  });

  it('is without private points for a public channel: another state with another link', () => {
    const known = [detection('1', NIGHT), detection('2', NIGHT - 1, 2)];
    expect(idsOf(known, NIGHT, ['ZTF_PUB'])).toEqual(['1']);
    expect(idsOf(known, NIGHT, ['ZTF_PRIV'])).toEqual(['2']);
    const links = [['ZTF_PUB'], BOTH].map((access) => combineState(ztf, known, { jd: NIGHT }, { access }).link);
    expect(new Set(links).size).toBe(2);
  });

  it('is superseded first and seen after: what a private reprocessing replaced is not shown instead, as in AMPEL', () => {
    expect(idsOf([detection('1', NIGHT), detection('2', NIGHT, 2)], NIGHT, ['ZTF_PUB'])).toEqual([]);
  });

  it('orders points of one exposure by id', () => {
    expect(inTime([detection('10', NIGHT), detection('9', NIGHT), limit('-1', NIGHT)]).map(({ id }) => id)).toEqual([
      ...['-1', '9', '10'],
    ]);
  });
});

function combined(known: readonly Datapoint[], t1: CombineOptions, access = BOTH): CombinedState {
  return combineState(ztf, known, { jd: NIGHT }, { access, t1 });
}

describe('the state of a channel with options', () => {
  const forced = { ...detection('8', NIGHT - 3), kind: 'forced' as const, tags: ['ZTF', 'ZTF_PUB', 'ZTF_FP'] };
  const green = { ...detection('5', NIGHT - 1), band: 'g', tags: ['ZTF', 'ZTF_PUB', 'ZTF_G'] };
  const old = detection('4', NIGHT - 40);
  const known = [detection('9', NIGHT), green, old, forced];

  it('is without points of excluded tags, and says how many', () => {
    expect(combined(known, { exclude: ['ZTF_G'] })).toMatchObject({ ids: ['4', '9'], leftOut: { tag: 1 } });
  });

  it('is of the bands it wants only', () => {
    expect(combined(known, { bands: ['g'] })).toMatchObject({ ids: ['5'], leftOut: { band: 2 } });
  });

  it('is of the window it wants only', () => {
    expect(combined(known, { maxAgeDays: 30 })).toMatchObject({ ids: ['5', '9'], leftOut: { age: 1 } });
    expect(combined(known, { maxAgeDays: 40 }).leftOut).toEqual({});
  });

  it('has forced photometry where it is asked for, which AMPEL leaves out', () => {
    expect(combined(known, {}).ids).toEqual(['4', '5', '9']);
    expect(combined(known, { forced: true }).ids).toEqual(['4', '5', '8', '9']);
  });

  it('tells which reprocessed points were superseded, but not of private ones', () => {
    const twice = [
      detection('20', NIGHT),
      detection('21', NIGHT),
      detection('30', NIGHT - 1, 2),
      detection('31', NIGHT - 1),
    ];
    expect(combined(twice, {}).leftOut).toEqual({ superseded: ['20', '30'] });
    expect(combined(twice, {}, ['ZTF_PUB']).leftOut).toEqual({ superseded: ['20'] });
  });

  it('has a state for each earlier detection, with what came before it', () => {
    const states = earlierStates(combined([...known, limit('-7', NIGHT - 2)], {}));
    expect(states.map(({ jd, ids }) => [NIGHT - jd, ids])).toEqual([
      [40, ['4']],
      [1, ['-7', '4', '5']],
    ]);
  });
});

describe('the state of an object with one of another survey at its place', () => {
  const flux = (id: string, jd: number): Datapoint => ({
    ...{ id, kind: 'detection', jd, band: 'g', tags: ['LSST', 'LSST_G'], body: { visit: id, psfFlux: 900 } },
  });
  const near = { of: lsst, survey: 'lsst', objectId: '77', stock: '77', separationArcsec: 0.25 };
  const own = [detection('9', NIGHT), detection('5', NIGHT - 1)];
  const access = ['ZTF_PUB', 'LSST'];

  it('holds the points of both up to the alert, and says which are whose', () => {
    const known = [flux('101', NIGHT - 2), flux('102', NIGHT + 2)];
    const state = combineState(ztf, own, { jd: NIGHT }, { access }, [{ ...near, known }]);
    expect(state.ids).toEqual(['5', '9', '101']);
    expect(state.matched).toEqual([
      { survey: 'lsst', objectId: '77', stock: '77', separationArcsec: 0.25, datapoints: ['101'] },
    ]);
    expect(earlierStates(state).map(({ matched }) => matched.length)).toEqual([1, 1]);
  });

  it('does not name an object of which the channel may see nothing, or nothing yet', () => {
    const known = [flux('101', NIGHT - 2)];
    const unseen = combineState(ztf, own, { jd: NIGHT }, { access: ['ZTF_PUB'] }, [{ ...near, known }]);
    expect(unseen).toMatchObject({ ids: ['5', '9'], matched: [] });
    const later = combineState(ztf, own, { jd: NIGHT - 3 }, { access }, [{ ...near, known }]);
    expect(later).toMatchObject({ ids: [], matched: [] });
  });
});

describeWithData('the states of ZTF18acruwxq, one exposure issued three times', () => {
  // Golden values: AMPEL's own ingestion, in both orders.
  it.each([
    ['newest first', -1, ['-1805184731', '-1805184731', '-1805184731']],
    ['oldest first', 1, ['-608759221', '309319195', '-1805184731']],
  ])('are those of AMPEL, %s', async (_, direction, links) => {
    const alerts: ReturnType<typeof ztf.readAlert>[] = [];
    for await (const packet of readArchive([join(sharedData, 'ztf/series/ZTF18acruwxq_superseded_3alerts.tar.gz')])) {
      if (isBad(packet)) throw packet.problem;
      alerts.push(ztf.readAlert(packet));
    }
    alerts.sort((a, b) => direction * Number(BigInt(a.alertId) - BigInt(b.alertId)));
    const known = new Map<string, Datapoint>();
    const found = alerts.map((alert) => {
      for (const point of alert.datapoints) if (!known.has(point.id)) known.set(point.id, point);
      return combineState(ztf, [...known.values()], alert, { access: BOTH }).link;
    });
    expect(found).toEqual(links);
  });
});
