import { lsstOccasion, LSST_STOCK } from '../../test/receivers/hopskotch-occasion.js';
import type { Datapoint } from '../../model/datapoint.js';
import { hopskotchReaction } from '../t3/hopskotch-reaction.js';
import { composeReport, reportMessage, type ReportWishes } from './transient-report.js';

const { bands, features } = hopskotchReaction.config.parse({ topic: 'ampel.test' });
const WISHES: ReportWishes = { bands, features };

const JD = 2_459_397.75;

function ztf(over: Partial<Datapoint>): Datapoint {
  return { id: '1', kind: 'detection', jd: JD, band: 'g', tags: ['ZTF', 'ZTF_PUB', 'ZTF_G'], body: {}, ...over };
}

function ztfOccasion(datapoints: readonly Datapoint[]) {
  const position = { ra: 150.1, dec: -20.5 };
  const names = { objectId: 'ZTF21aaaaaaa', stock: '3681294' };
  return lsstOccasion({ ...names, position, alertId: '1', state: { link: '7', datapoints } });
}

function reportOf(occasion = lsstOccasion(), wishes: Partial<ReportWishes> = {}) {
  const { report, refusal } = reportMessage.parse(composeReport(occasion, { ...WISHES, ...wishes }));
  if (report === null) throw new Error(refusal ?? 'neither report nor refusal');
  return report;
}

describe("a report of LSST's object", () => {
  it("is AMPEL's: TAI Julian dates, nJy, sncosmo's band names, forced photometry for alert photometry", () => {
    expect(composeReport(lsstOccasion(), WISHES)).toEqual({
      refusal: null,
      report: {
        object: {
          ...{ id: LSST_STOCK, external_id: null, source: 'LSST' },
          ...{ ra: 149.7, ra_err: 0.00002, dec: 1.46, dec_err: 0.00003, ra_dec_cov: 1e-12 },
        },
        photometry: [
          { time: 2_461_189.5, flux: 6000.5, fluxerr: 400.25, band: 'lssti', zp: 31.4, zpsys: 'ab' },
          { time: 2_461_194.5, flux: 7100, fluxerr: 350, band: 'lsstr', zp: 31.4, zpsys: 'ab' },
        ],
        features: [],
      },
    });
  });

  it('has the mean of the detections where the survey says nothing of the object', () => {
    const { state, ...rest } = lsstOccasion();
    const datapoints = state.datapoints.filter(({ kind }) => kind !== 'object');
    const { object } = reportOf({ ...rest, state: { ...state, datapoints } });
    expect(object).toMatchObject({ ra: 149.6, dec: 1.4, ra_err: null, dec_err: null, ra_dec_cov: null });
  });

  it('leaves out what has no error, as its readers would', () => {
    const { state, ...rest } = lsstOccasion();
    const datapoints = state.datapoints.map((point) => {
      return point.id === '12' ? { ...point, body: { ...point.body, psfFluxErr: null } } : point;
    });
    expect(reportOf({ ...rest, state: { ...state, datapoints } }).photometry).toHaveLength(1);
  });

  it('has the numbers of the results that are asked for, and no others', () => {
    const told = reportOf(lsstOccasion(), { features: ['T2BazinFit', 'T2Missing'] });
    expect(told.features).toEqual([{ name: 'T2BazinFit', features: { chi2: 1.25 } }]);
    expect(JSON.stringify(told)).not.toContain('secret');
  });
});

describe("a report of ZTF's object", () => {
  it('has fluxes of magnitudes: 31.4 mag are 1 nJy', () => {
    const report = reportOf(
      ztfOccasion([
        // 10^(0.4 (31.4 - 18.9)) = 10^5, and 10^5 · 0.1 · ln 10 / 2.5 = 9210.340…
        ztf({ body: { magpsf: 18.9, sigmapsf: 0.1, isdiffpos: 't' } }),
        // 10^(0.4 (31.4 - 21.4)) = 10^4, fainter than the reference; 10^4 · 0.25 · 0.921034037…
        ztf({ id: '2', jd: JD + 1, band: 'r', body: { magpsf: 21.4, sigmapsf: 0.25, isdiffpos: 'f' } }),
      ]),
    );
    expect(report.object).toEqual({
      ...{ id: '3681294', external_id: 'ZTF21aaaaaaa', source: 'ZTF', ra: 150.1, dec: -20.5 },
      ...{ ra_err: null, dec_err: null, ra_dec_cov: null },
    });
    const [first, second] = report.photometry;
    expect(report.photometry).toHaveLength(2);
    expect(first).toMatchObject({ time: JD, band: 'ztfg', zp: 31.4, zpsys: 'ab' });
    expect(first?.flux).toBeCloseTo(100_000, 5);
    expect(first?.fluxerr).toBeCloseTo(9_210.340_372, 5);
    expect(second).toMatchObject({ time: JD + 1, band: 'ztfr' });
    expect(second?.flux).toBeCloseTo(-10_000, 6);
    expect(second?.fluxerr).toBeCloseTo(2_302.585_093, 5);
  });

  it('leaves out points of the partnership, and everything of tags that are not asked for', () => {
    const own = { body: { magpsf: 20, sigmapsf: 0.1 } };
    const points = [ztf(own), ztf({ ...own, id: '2', jd: JD + 1, tags: ['ZTF', 'ZTF_PRIV', 'ZTF_R'], band: 'r' })];
    expect(reportOf(ztfOccasion(points)).photometry.map(({ band }) => band)).toEqual(['ztfg']);
    const asked = reportOf(ztfOccasion(points), { bands: { ZTF_PUB: 'ztf', ZTF_PRIV: 'ztf' } });
    expect(asked.photometry.map(({ band }) => band)).toEqual(['ztfg', 'ztfr']);
  });

  it('is refused where nothing can be told', () => {
    const hidden = ztf({ tags: ['ZTF', 'ZTF_PRIV', 'ZTF_G'], body: { magpsf: 20, sigmapsf: 0.1 } });
    const { refusal, report } = reportMessage.parse(composeReport(ztfOccasion([hidden]), WISHES));
    expect(report).toBeNull();
    expect(refusal).toContain('LSST, ZTF_PUB');
  });

  it('is refused where the object has no place', () => {
    const occasion = ztfOccasion([ztf({ body: { magpsf: 20, sigmapsf: 0.1 } })]);
    const nowhere = composeReport({ ...occasion, position: { ra: NaN, dec: NaN } }, WISHES);
    expect(nowhere).toEqual({ refusal: 'the object has no position', report: null });
  });
});
