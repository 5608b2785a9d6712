import {
  distanceModulus,
  outburstMag,
  outburstSpan,
  TIDAL_DISRUPTION,
  TYPE_IA,
  TYPE_IBC,
  TYPE_II,
  type Outburst,
} from './light-curves.js';

const PEAK_JD = 2459400.5;
const TEMPLATES = [TYPE_IA, TYPE_II, TYPE_IBC, TIDAL_DISRUPTION];

function outburst(changes: Partial<Outburst> = {}): Outburst {
  return { template: TYPE_IA, peakJd: PEAK_JD, redshift: 0, peakMagG: 18, stretch: 1, ...changes };
}

/** Distance modulus in flat space with 0.3 of matter and H0 = 70 km/s/Mpc: the integral of Hogg (1999), eq. 15 and 21. */
function integratedModulus(redshift: number): number {
  const steps = 10_000;
  let sum = 0;
  for (let i = 0; i < steps; i++) sum += 1 / Math.sqrt(0.3 * (1 + ((i + 0.5) * redshift) / steps) ** 3 + 0.7);
  const comoving = ((299_792.458 / 70) * sum * redshift) / steps;
  return 5 * Math.log10((1 + redshift) * comoving) + 25;
}

describe('light curves of transients', () => {
  it.each([0.01, 0.05, 0.1, 0.13])('follow the distance modulus of flat space at redshift %p', (redshift) => {
    expect(Math.abs(distanceModulus(redshift) - integratedModulus(redshift))).toBeLessThan(0.01);
  });

  it('are invisible before first light, brightest at the peak and gone from the survey in the end', () => {
    for (const template of TEMPLATES) {
      const it = outburst({ template });
      const [first, last] = outburstSpan(it);
      expect(outburstMag(it, first, 'g')).toBe(Infinity);
      expect(outburstMag(it, PEAK_JD, 'g')).toBe(18);
      for (let jd = first + 0.5; jd < last; jd += 0.5) expect(outburstMag(it, jd, 'g')).toBeGreaterThanOrEqual(18);
    }
  });

  it('rise with the square of time, as a fireball does (Arnett 1982)', () => {
    const first = PEAK_JD - TYPE_IA.riseDays;
    const brightening = outburstMag(outburst(), first + 0.5, 'g') - outburstMag(outburst(), first + 1, 'g');
    expect(brightening).toBeCloseTo(5 * Math.log10(2), 1);
  });

  it('take the width of their stretch and their redshift', () => {
    const stretched = outburst({ stretch: 1.1, redshift: 0.1 });
    expect(outburstMag(stretched, PEAK_JD + 15 * 1.21, 'g')).toBeCloseTo(outburstMag(outburst(), PEAK_JD + 15, 'g'), 6);
  });

  it('redden after the peak for type Ia and keep their colour for a tidal disruption', () => {
    const colour = (it: Outburst, day: number): number =>
      outburstMag(it, PEAK_JD + day, 'g') - outburstMag(it, PEAK_JD + day, 'r');
    expect(colour(outburst(), 25)).toBeGreaterThan(colour(outburst(), 0) + 1);
    const disruption = outburst({ template: TIDAL_DISRUPTION });
    expect(colour(disruption, 100)).toBeCloseTo(colour(disruption, 0), 9);
  });

  it('decline by 1 mag in 15 days in g for type Ia, and stay on a plateau in r for type II', () => {
    expect(outburstMag(outburst(), PEAK_JD + 15, 'g') - 18).toBeCloseTo(1, 1);
    const plateau = outburst({ template: TYPE_II });
    expect(outburstMag(plateau, PEAK_JD + 80, 'r') - outburstMag(plateau, PEAK_JD, 'r')).toBeLessThan(0.5);
  });
});
