import { fitPolynomial, vertexOf } from './polynomial.js';

// Simulated: 18 + 0.004 (x - 1)² mag, with noise of 0.03 mag.
const MAGNITUDES = {
  x: [-9.64, -5.66, -4.84, -4.14, -3.7, -0.14, 4.54, 7.06, 9.57],
  y: [18.491, 18.14, 18.153, 18.145, 18.04, 17.996, 18.011, 18.154, 18.339],
  sigma: [0.054, 0.05, 0.042, 0.046, 0.048, 0.051, 0.057, 0.026, 0.045],
};

describe('a polynomial through magnitudes', () => {
  // Golden values: numpy 2.4, polyfit(…, w=1/sigma, cov='unscaled'), by ascending power.
  it.each([
    [
      1,
      [18.163821077632605, -0.0012240689037253422],
      [
        [0.00020951886119928678, -4.923921481120786e-6],
        [-4.923921481120786e-6, 5.183716743092351e-6],
      ],
    ],
    [
      2,
      [17.982799524212368, -0.008333499029066792, 0.004645742762566616],
      [
        [0.0006529011922669083, 1.248945080509861e-5, -1.1378977898976522e-5],
        [1.248945080509861e-5, 5.867608529326447e-6, -4.4689732654529456e-7],
        [-1.1378977898976524e-5, -4.4689732654529456e-7, 2.920304417941467e-7],
      ],
    ],
  ])('of degree %d has the coefficients and the covariance that numpy finds', (degree, parameters, covariance) => {
    const fit = fitPolynomial(MAGNITUDES, degree);
    parameters.forEach((value, i) => {
      expect((fit?.parameters[i] ?? Number.NaN) / value).toBeCloseTo(1, 8);
    });
    covariance.flat().forEach((value, n) => {
      expect((fit?.covariance.flat()[n] ?? Number.NaN) / value).toBeCloseTo(1, 7);
    });
    expect(fit?.dof).toBe(9 - parameters.length);
  });

  // Golden values: the same fit, errors by numerical derivatives and its covariance.
  it('tells where a parabola turns, with errors', () => {
    const fit = fitPolynomial(MAGNITUDES, 2);
    const vertex = fit && vertexOf(fit);
    expect(vertex?.x).toBeCloseTo(0.8968963043126837, 8);
    expect(vertex?.xErr).toBeCloseTo(0.24551785674943, 5);
    expect(vertex?.y).toBeCloseTo(17.979062381971787, 8);
    expect(vertex?.yErr).toBeCloseTo(0.025715011316725177, 5);
  });

  it('is none where the points do not determine it', () => {
    expect(fitPolynomial({ x: [1, 1, 1], y: [18, 18.1, 18.2], sigma: [0.1, 0.1, 0.1] }, 1)).toBeUndefined();
    expect(fitPolynomial({ x: [1, 2], y: [18, 18.1], sigma: [0.1, 0.1] }, 2)).toBeUndefined();
  });
});
