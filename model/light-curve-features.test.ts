import fc from 'fast-check';
import { interPercentileRange, linearFit, stetsonK, type Photometry } from './light-curve-features.js';

function photometryOf(mags: readonly number[], magErr = 1): Photometry[] {
  return mags.map((mag, i) => ({ jd: 2459000.5 + i, mag, magErr }));
}

function ramp(from: number, to: number, n: number): number[] {
  return Array.from({ length: n }, (_, i) => from + ((to - from) * i) / (n - 1));
}

const anyPhotometry = fc.array(
  fc.record({
    jd: fc.double({ min: 2458000, max: 2460000, noNaN: true }),
    mag: fc.double({ min: 14, max: 21, noNaN: true }),
    magErr: fc.double({ min: 0.01, max: 0.3, noNaN: true }),
  }),
  { minLength: 3, maxLength: 40 },
);

describe('interPercentileRange', () => {
  it('gives the values that the light-curve-feature crate’s tests state for 0, 1 … 99', () => {
    const photometry = photometryOf(ramp(0, 99, 100));
    expect(interPercentileRange(photometry, 0.25)).toBeCloseTo(50, 10);
    expect(interPercentileRange(photometry, 0.1)).toBeCloseTo(80, 10);
  });

  it('uses Hazen’s quantiles: scipy’s mquantiles(…, alphap=0.5, betap=0.5) of 0, 0.1 … 1 are 0.17 and 0.83', () => {
    // The place of the quantile is one of single precision.
    expect(interPercentileRange(photometryOf(ramp(0, 1, 11)), 0.2)).toBeCloseTo(0.83 - 0.17, 7);
  });

  it('is zero for a single magnitude, and NaN for none', () => {
    expect(interPercentileRange(photometryOf([18.5]), 0.25)).toBe(0);
    expect(interPercentileRange([], 0.25)).toBeNaN();
  });
});

describe('linearFit', () => {
  it('gives the values that the light-curve-feature crate’s test states for a weighted parabola', () => {
    const photometry = ramp(0, 1, 11).map((jd) => ({ jd, mag: jd ** 2, magErr: 1 / Math.sqrt(1 + jd) }));
    const { slope, slopeSigma, reducedChi2 } = linearFit(photometry);
    expect(slope).toBeCloseTo(1.0544186045473263, 9);
    expect(slopeSigma).toBeCloseTo(0.7963978113902943, 8);
    expect(reducedChi2).toBeCloseTo(0.013781209302325587, 11);
  });

  it('finds the decline of an exact line at Julian dates, whatever the errors', () => {
    fc.assert(
      fc.property(anyPhotometry, fc.double({ min: -0.5, max: 0.5, noNaN: true }), (photometry, magPerDay) => {
        fc.pre(new Set(photometry.map(({ jd }) => Math.round(jd))).size > 2);
        const line = photometry.map((point) => ({ ...point, mag: 18 + magPerDay * (point.jd - 2459000.5) }));
        expect(linearFit(line).slope).toBeCloseTo(magPerDay, 9);
        expect(linearFit(line).reducedChi2).toBeCloseTo(0, 9);
      }),
    );
  });

  it('has no slope where all detections are of one exposure', () => {
    const photometry = photometryOf([18.1, 18.2, 18.3]).map((point) => ({ ...point, jd: 2459000.5 }));
    expect(linearFit(photometry).slope).toBeNaN();
  });
});

describe('stetsonK', () => {
  it('has the values of Stetson (1996) for a square wave, a sine and a sawtooth', () => {
    const sine = ramp(0, 2 * Math.PI, 10_000).map(Math.sin);
    expect(stetsonK(photometryOf([...ramp(1, 1, 500), ...ramp(-1, -1, 500)]))).toBeCloseTo(1, 10);
    expect(stetsonK(photometryOf(sine))).toBeCloseTo(Math.sqrt(8) / Math.PI, 3);
    expect(stetsonK(photometryOf(ramp(0, 1, 10_000)))).toBeCloseTo(Math.sqrt(12) / 4, 3);
  });

  it('does not exist for a light curve without variation', () => {
    expect(stetsonK(photometryOf([18.5, 18.5, 18.5]))).toBeUndefined();
  });

  it('lies between zero and one', () => {
    fc.assert(
      fc.property(anyPhotometry, (photometry) => {
        fc.pre(new Set(photometry.map(({ mag }) => mag)).size > 1);
        const value = stetsonK(photometry) ?? 0.5;
        expect(value).toBeGreaterThan(0);
        expect(value).toBeLessThanOrEqual(1 + 1e-12);
      }),
    );
  });
});
