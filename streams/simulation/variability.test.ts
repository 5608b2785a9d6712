import { streamOf } from './random-stream.js';
import { dampedRandomWalk, pulsation } from './variability.js';

const JD = 2459400.5;

describe('variability', () => {
  it('of an AGN has the covariance sigma² exp(-dt/tau) of a damped random walk (Kelly et al. 2009)', () => {
    const [sigma, tau, objects] = [0.2, 100, 6000];
    const covariance = (lagDays: number): number => {
      let sum = 0;
      for (let i = 0; i < objects; i++) {
        const walk = dampedRandomWalk(streamOf(1, 99, i), sigma, tau);
        sum += walk(JD, 'g') * walk(JD + lagDays, 'g');
      }
      return sum / objects / sigma ** 2;
    };
    // The error of the mean of 6000 products is 0.02.
    expect(Math.abs(covariance(0) - 1)).toBeLessThan(0.06);
    expect(Math.abs(covariance(50) - Math.exp(-0.5))).toBeLessThan(0.06);
    expect(Math.abs(covariance(200) - Math.exp(-2))).toBeLessThan(0.06);
  });

  it('of a star goes up and down around its mean, by no more than its amplitude', () => {
    for (let i = 0; i < 50; i++) {
      const star = pulsation(streamOf(2, 99, i));
      const mags = Array.from({ length: 4000 }, (_, day) => star(JD + day * 0.77, 'g'));
      expect(Math.max(...mags)).toBeLessThanOrEqual(0.9);
      expect(Math.max(...mags)).toBeGreaterThan(0.05);
      expect(Math.min(...mags)).toBeLessThan(-0.05);
      expect(Math.abs(mags.reduce((sum, mag) => sum + mag, 0) / mags.length)).toBeLessThan(0.15);
    }
  });
});
