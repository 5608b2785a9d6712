import type { Fields } from '../../model/datapoint.js';
import type { Verdict } from '../../model/decision.js';
import { fieldsRead, without } from '../../test/fields-read.js';
import { CANDIDATE } from '../../test/ztf-packet.js';
import { parseConfig } from '../parse-config.js';
import { nuclearFilter } from './nuclear-filter.js';

type Cuts = ReturnType<typeof nuclearFilter.config.parse>;

const MAGS: Fields = {
  ...{ sgmag1: 19, srmag1: 18.5, simag1: 18.25, szmag1: 18, sgmag2: 21, srmag2: 21, simag2: 21, szmag2: 21 },
  ...{ sgmag3: 21, srmag3: 21, simag3: 21, szmag3: 21 },
};
/** A good detection in r, 0.1 arcsec north of its host. */
const POINT: Fields = {
  ...{ isdiffpos: 't', fid: 2, magpsf: 18.5, rb: 0.75, nbad: 0, fwhm: 2.5, elong: 1.125, magdiff: 0.25 },
  ...{ distnr: 0.1, magnr: 18, ra: 180, dec: 60 + 0.1 / 3600, ranr: 180, decnr: 60 },
};
const GOOD: Fields = { ...(CANDIDATE as Fields), ...POINT, ...MAGS, distpsnr1: 0.25, nmtchps: 5 };
const HISTORY: readonly Fields[] = [
  { ...POINT, candid: '1', jd: 2458423.75, magpsf: 18.75 },
  { jd: 2458422.75, diffmaglim: 20.5 },
  { ...POINT, candid: '2', jd: 2458420.75, magpsf: 19 },
];
const CONFIG = { maxDistPS1source: 0.5, doGaiaVeto: 0 };
const CUTS = nuclearFilter.config.parse(CONFIG);
const ACCEPTED: Verdict = { accepted: true };

function decide(candidate: Fields = {}, cuts: Partial<Cuts> = {}, history = HISTORY): Verdict {
  return nuclearFilter.run({ candidate: { ...GOOD, ...candidate }, history }, { ...CUTS, ...cuts });
}

/** The light curve with the same change in each detection. */
function decideAll(change: Fields, cuts: Partial<Cuts> = {}): Verdict {
  const history = HISTORY.map((point) => (point['candid'] == null ? point : { ...point, ...change }));
  return decide(change, cuts, history);
}

describe('NuclearFilter: the source of PanSTARRS', () => {
  it.each<[string, Fields, Partial<Cuts>]>([
    ['a flare in the centre of a galaxy', {}, {}],
    ['a source that is as much star as allowed', { sgscore1: 0.3 }, {}],
    ['a star that a close galaxy saves', { sgscore1: 0.9, sgscore2: 0.25, distpsnr2: 0.4 }, {}],
    ['a saturated source with another as close', { srmag1: -999, distpsnr2: 0.4 }, {}],
    ['a source at the largest distance', { distpsnr1: 0.5 }, {}],
    ['a source that is as bright as allowed', { sgmag1: 12 }, {}],
    ['a bright source that is far away', { distpsnr2: 15, srmag2: 8, distpsnr3: 16, szmag3: 8 }, {}],
  ])('accepts %s', (_, candidate, cuts) => {
    expect(decide(candidate, cuts)).toEqual(ACCEPTED);
  });

  it.each<[string, string, Fields, object]>([
    ['a star', 'largeSgscore', { sgscore1: 0.31 }, { field: 'sgscore1', value: 0.31, limit: 0.3 }],
    ['a star with a star', 'largeSgscore', { sgscore1: 0.9, sgscore2: 0.5, distpsnr2: 0.4 }, { value: 0.9 }],
    ['a galaxy with a star', 'largeSgscore2', { sgscore2: 0.4, distpsnr2: 0.4 }, { field: 'sgscore2', value: 0.4 }],
    ['a saturated source', 'badPs1Photometry', { srmag1: -999 }, { field: 'srmag1', value: -999, limit: 0 }],
    ['two saturated sources', 'badPs1Photometry', { srmag1: -999, srmag2: -999, distpsnr2: 0.4 }, { value: -999 }],
    ['a source too far', 'ps1TooFar', { distpsnr1: 0.6 }, { field: 'distpsnr1', value: 0.6, limit: 0.5 }],
    ['no source', 'ps1TooFar', { distpsnr1: -999 }, { value: -999 }],
    ['a bright source', 'brightPs1Match1', { simag1: 11 }, { field: 'simag1', value: 11, limit: 12 }],
    ['a bright neighbour', 'brightPs1Match2', { sgmag2: 11, distpsnr2: 14 }, { field: 'sgmag2', value: 11 }],
    ['a bright second neighbour', 'brightPs1Match3', { szmag3: 11, distpsnr3: 14 }, { field: 'szmag3', value: 11 }],
  ])('is refused where it is %s', (_, reason, candidate, why) => {
    expect(decide(candidate)).toMatchObject({ accepted: false, reason, ...why });
  });

  it.each(['sgscore2', 'distpsnr1', 'srmag1', 'szmag3', 'nmtchps', 'ra'])('needs %s', (field) => {
    const missing = nuclearFilter.run(
      { candidate: without(GOOD, field), history: HISTORY },
      { ...CUTS, minDetections: 2 },
    );
    expect(missing).toEqual({ accepted: false, reason: 'missing', field });
    expect(decide({ [field]: null })).toEqual({ accepted: false, reason: 'isNone', field });
  });

  it('has scores only since schema 1.8', () => {
    const missing = nuclearFilter.run({ candidate: without(GOOD, 'sgscore1'), history: HISTORY }, CUTS);
    expect(missing).toEqual({ accepted: false, reason: 'noSgscore', field: 'sgscore1' });
    expect(decide({ sgscore1: null })).toEqual({ accepted: false, reason: 'isNone', field: 'sgscore1' });
  });
});

describe('NuclearFilter: the light curve', () => {
  it.each<[string, Fields]>([
    ['off any source of the reference image', { distnr: -999 }],
    ['with a bad pixel', { nbad: 1 }],
    ['too wide', { fwhm: 5 }],
    ['too long', { elong: 1.3 }],
    ['brighter in the aperture', { magdiff: -0.3 }],
    ['fainter in the aperture', { magdiff: 0.3 }],
    ['negative', { isdiffpos: 'f' }],
  ])('leaves out a detection that is %s', (_, candidate) => {
    expect(decide(candidate)).toEqual({ accepted: false, reason: 'nDet', field: 'nDet', value: 2, limit: 3 });
    expect(decideAll(candidate)).toEqual({ accepted: false, reason: 'noGoodDetection' });
  });

  it('counts negative detections where that is asked', () => {
    expect(decide({ isdiffpos: 'f' }, { removeNegative: 0 })).toEqual(ACCEPTED);
  });

  const daily = (change: (index: number) => Fields): Fields[] =>
    HISTORY.map((point, index) => ({ ...point, ...change(index) }));

  it.each<[string, string, () => Verdict, object]>([
    ['too bright a source of the reference', 'brightReference', () => decide({ magnr: 11 }), { value: 11, limit: 12 }],
    ['a crowded field', 'nmtchps', () => decide({ nmtchps: 101 }), { value: 101, limit: 100 }],
    ['the plane of the Galaxy', 'galPlane', () => decide({}, { minGalLat: 80 }), { field: 'dec', limit: 80 }],
    ['low scores', 'rb', () => decideAll({ rb: 0.25 }), { value: 0.25, limit: 0.3 }],
    ['one time', 'onlyDuplicates', () => decideAll({ jd: 2458426.75 }), { field: 'jd', value: 3 }],
    ['a mover', 'potentialMover', () => decide({}, { minDeltaJD: 3.5 }), { field: 'jd', value: 3, limit: 3.5 }],
    ['a gap', 'largeGap', () => decide({}, { maxDeltaJD: 2.5 }), { field: 'jd', value: 3, limit: 2.5 }],
    ['a faint peak', 'tooFaint', () => decide({}, { diffmagLimit: 18.25 }), { field: 'magpsf', value: 18.5 }],
    ['a small flux increase', 'fluxIncrease', () => decide({}, { maxDeltaMag: 0.25 }), { value: 0.5, limit: 0.25 }],
    ['too little distance', 'hostOffset', () => decide({}, { minDeltaRad: 0.2 }), { field: 'ranr', limit: 0.2 }],
    ['too large a distance', 'hostOffset', () => decide({}, { maxDeltaRad: 0.05 }), { field: 'ranr', limit: 0.05 }],
    ['too few in each band', 'noHostOffset', () => decide({ fid: 1 }), {}],
    ['only the i band', 'noHostOffset', () => decideAll({ fid: 3 }), {}],
  ])('is refused for %s', (_, reason, verdict, why) => {
    expect(verdict()).toMatchObject({ accepted: false, reason, ...why });
  });

  it('tells the weighted distance from the host', () => {
    const verdict = decide({}, { maxDeltaRad: 0.05 });
    expect('value' in verdict && verdict.value).toBeCloseTo(0.1, 6);
  });

  it('accepts what is near by one average of one band', () => {
    // Mean 0.4 arcsec, median 0.1 arcsec.
    expect(decide({ dec: 60 + 1 / 3600 }, { maxDeltaRad: 0.2 })).toEqual(ACCEPTED);
    expect(decideAll({ fid: 1 })).toEqual(ACCEPTED);
  });

  it('looks at the newest point only where that is asked', () => {
    const earlier = daily((index) => (index === 0 ? { jd: 2458427.75, rb: 0.1 } : {}));
    expect(decide({}, {}, earlier)).toEqual(ACCEPTED);
    expect(decide({}, { lastOnly: 1 })).toEqual(ACCEPTED);
    expect(decide({}, { lastOnly: 1 }, earlier)).toMatchObject({ reason: 'rb', value: 0.1 });
    const limit = [...HISTORY, { jd: 2458427.75, diffmaglim: 20 }];
    expect(decide({}, { lastOnly: 1 }, limit)).toEqual({ accepted: false, reason: 'lastDetection' });
  });

  it.each(['distnr', 'fwhm', 'magnr', 'rb', 'magpsf', 'ranr'])(
    'cannot be judged with %s of null, and leaves out points of a schema without it',
    (field) => {
      const [first = {}, ...others] = HISTORY;
      const rejection = { accepted: false, reason: 'isNone', field };
      expect(decide({}, {}, [{ ...first, [field]: null }, ...others])).toEqual(rejection);
      expect(decide({}, {}, [without(first, field), ...others])).toMatchObject({ reason: 'nDet', value: 2 });
    },
  );
});

describe('the declaration of NuclearFilter', () => {
  it('names every field that is read', () => {
    const { verdict, candidate, history } = fieldsRead({ candidate: GOOD, history: HISTORY }, (input) =>
      nuclearFilter.run(input, CUTS),
    );
    expect(verdict).toEqual(ACCEPTED);
    // The candidate is a detection whatever its id.
    expect([...candidate, 'candid'].sort()).toEqual([...nuclearFilter.reads.candidate].sort());
    expect(history).toEqual([...nuclearFilter.reads.history].sort());
  });

  it("has AMPEL's defaults", () => {
    expect(CUTS).toEqual({
      ...CONFIG,
      ...{ maxDeltaRad: 0.5, minDeltaRad: 0, maxSgscore: 0.3, minDeltaJD: 0.01, maxDeltaJD: 10, minDetections: 3 },
      ...{ diffmagLimit: 20, maxDeltaMag: 2.5, minRealBogusScore: 0.3, closePS1dist: 0.5, brightRefMag: 12 },
      ...{ brightPS1gMag: 12, brightPS1rMag: 12, brightPS1iMag: 12, brightPS1zMag: 12, removeNegative: 1 },
      ...{ minGalLat: 5, maxPS1matches: 100, lastOnly: 0, maxGaiamatches: 30, brightObjDist: 15 },
      ...{ brightGaiaMag: 13.5, maxParallaxSNR: 3, singleGaiaDist: 1, minDeltaG: 0.2, minSafeSgscore: 0.5 },
    });
  });

  it.each([{}, { doGaiaVeto: 1 }])('cannot let Gaia veto yet, and says so: %p', (config) => {
    const checked = parseConfig(nuclearFilter, config);
    const message = expect.stringContaining('set doGaiaVeto: 0 to go without it') as string;
    expect(checked.ok ? [] : checked.issues).toEqual([{ path: ['doGaiaVeto'], message }]);
  });
});
