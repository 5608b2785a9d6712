import { hostOffsets, type OffsetPoint } from './host-offset.js';

const point = (raDeg: number, decDeg: number, hostRaDeg: number, hostDecDeg: number, magpsf: number): OffsetPoint => ({
  ...{ raDeg, decDeg, hostRaDeg, hostDecDeg, magpsf },
});

const POINTS = [
  point(150.00001, 2.20003, 150, 2.2, 18.5),
  point(150.00004, 2.19998, 150.00001, 2.2, 19.25),
  point(149.99997, 2.20001, 150, 2.20001, 20),
  point(150.00012, 2.20007, 150, 2.2, 21.5),
];

describe('the distance of a transient from its host', () => {
  // numpy 2.4.6: mean, median and average with weights 1 / clip(0.24 + 0.04 (mag - 20), 0.1, 1)^2, then 3600 * hypot
  it.each([
    ['an even number of detections', POINTS, 0.13737903771193535, 0.09000000001801567, 0.09625192849969377],
    ['an odd number', POINTS.slice(0, 3), 0.016970562750849252, 0.03600000001142689, 0.03376716061559854],
  ])('is averaged in three ways over %s', (_, points, meanArcsec, medianArcsec, weightedArcsec) => {
    const offsets = hostOffsets(points);
    expect(offsets.meanArcsec).toBeCloseTo(meanArcsec, 10);
    expect(offsets.medianArcsec).toBeCloseTo(medianArcsec, 10);
    expect(offsets.weightedArcsec).toBeCloseTo(weightedArcsec, 10);
  });

  // numpy 2.4.6, as above
  it('trusts no position to better than 0.1 arcsec, and none less than to 1 arcsec', () => {
    const { weightedArcsec } = hostOffsets([point(0.0001, 0, 0, 0, 5), point(-0.0003, 0, 0, 0, 45)]);
    expect(weightedArcsec).toBeCloseTo(0.3457425742574257, 12);
  });

  it('is none without detections', () => {
    expect(hostOffsets([])).toEqual({ meanArcsec: NaN, medianArcsec: NaN, weightedArcsec: NaN });
  });
});
