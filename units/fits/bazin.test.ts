import fc from 'fast-check';
import { bazin, bazinPeak, fitBazin } from './bazin.js';

// Simulated: A 1500, t0 2, rise 3.5 d, fall 22 d, base 15, with noise as in sigma.
const FLUXES = {
  x: [
    -12.85, -9.72, -5.36, -5.27, -4.65, -3.91, 0.34, 5.65, 12.67, 21.27, 22.45, 23.35, 23.43, 26.18, 26.53, 30.11,
    31.64, 34.71, 35.28, 44.1, 46.26, 54.62, 56.12, 58.57,
  ],
  y: [
    74.7, 69.4, 283.8, 290.2, 313.4, 331.2, 672.5, 913.1, 911.0, 670.8, 539.6, 591.1, 568.3, 536.2, 481.8, 432.3, 412.1,
    329.6, 365.7, 232.2, 243.3, 127.2, 179.6, 142.2,
  ],
  sigma: [
    34.1, 43.7, 29.4, 52.1, 54.7, 25.2, 38.7, 31.1, 23.3, 55.8, 37.2, 25.9, 46.9, 28.1, 56.1, 28.7, 21.3, 28.0, 33.8,
    38.8, 56.2, 47.9, 33.6, 20.7,
  ],
};

describe('a fit of Bazin’s curve', () => {
  // Golden values: scipy 1.17, curve_fit(…, absolute_sigma=True); errors of the peak by numerical derivatives and its covariance.
  const PARAMETERS = [1489.8154852708803, 2.092202365593021, 3.689901752189684, 21.858085618614826, 22.945083734336674];
  const COVARIANCE = [
    [2573.1736611253814, 12.449566666448181, 6.4135046196844225, -20.471398418530498, -498.54015161283223],
    [12.449566666448181, 0.43593271520433907, 0.0615226952111781, -0.9381849481646628, 9.27246861403108],
    [6.4135046196844225, 0.0615226952111781, 0.05932259261808222, 0.01979413251679328, -3.002419204646746],
    [-20.471398418530498, -0.9381849481646628, 0.01979413251679328, 2.865814233543199, -36.54977458821509],
    [-498.54015161283223, 9.27246861403108, -3.002419204646746, -36.54977458821509, 758.879086428685],
  ];

  it('has the parameters, covariance and chi2 that scipy finds', () => {
    const fit = fitBazin(FLUXES);
    PARAMETERS.forEach((value, i) => {
      const sigma = Math.sqrt(COVARIANCE[i]?.[i] ?? 0);
      expect(Math.abs((fit?.parameters[i] ?? Number.NaN) - value)).toBeLessThan(1e-4 * sigma);
    });
    COVARIANCE.flat().forEach((value, n) => {
      expect((fit?.covariance.flat()[n] ?? Number.NaN) / value).toBeCloseTo(1, 2);
    });
    expect(fit?.chi2).toBeCloseTo(11.65217717175424, 6);
    expect(fit?.dof).toBe(19);
  });

  it('tells when and how bright its peak was, with errors', () => {
    const fit = fitBazin(FLUXES);
    const peak = fit && bazinPeak(fit);
    expect(peak?.t).toBeCloseTo(7.974171774012742, 3);
    expect(peak?.value).toBeCloseTo(969.1039334232593, 2);
    expect(peak?.tErr).toBeCloseTo(0.48309140101220993, 3);
    expect(peak?.valueErr).toBeCloseTo(22.379421997127857, 1);
  });

  it('has no peak where it falls no slower than it rises', () => {
    const covariance = PARAMETERS.map(() => PARAMETERS.map(() => 0));
    expect(bazinPeak({ parameters: [1, 0, 5, 5, 0], covariance })).toBeUndefined();
  });

  it('finds what made a light curve without noise, and moves with it in time', () => {
    const number = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
    fc.assert(
      fc.property(
        number(500, 5000),
        number(-3, 3),
        number(1.5, 6),
        number(15, 40),
        number(-1e4, 1e4),
        (a, t0, rise, fall, shift) => {
          const truth = [a, t0, rise, fall, 20];
          const x = Array.from({ length: 40 }, (_, i) => -20 + 2.3 * i);
          const at = (dt: number): ReturnType<typeof fitBazin> =>
            fitBazin({ x: x.map((t) => t + dt), y: x.map((t) => bazin.value(t, truth)), sigma: x.map(() => 5) });
          const [still, moved] = [at(0), at(shift)];
          truth.forEach((value, i) => {
            expect(still?.parameters[i]).toBeCloseTo(value, 2);
            expect(moved?.parameters[i]).toBeCloseTo(value + (i === 1 ? shift : 0), 2);
          });
        },
      ),
      { numRuns: 50 },
    );
  });

  it('has the derivatives of its values, also long before and after', () => {
    const parameters = [1500, 2, 3.5, 22, 15];
    for (const t of [-3000, -20, 1.9, 2, 2.1, 30, 3000]) {
      bazin.gradient(t, parameters).forEach((slope, i) => {
        const step = 1e-5 * Math.max(1, Math.abs(parameters[i] ?? 0));
        const by = (sign: number): number =>
          bazin.value(
            t,
            parameters.map((one, j) => (i === j ? one + sign * step : one)),
          );
        expect(slope).toBeCloseTo((by(1) - by(-1)) / (2 * step), 3);
      });
    }
  });
});
