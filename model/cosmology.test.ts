import { distanceModulus } from './cosmology.js';

describe('the distance modulus of a redshift', () => {
  // Golden values: astropy 8.0, FlatLambdaCDM(H0, Om0, Tcmb0=0).distmod(z).
  it.each([
    [0.001, 28.160294959940178, 28.242461248894802],
    [0.033, 35.80538965139018, 35.88677520708361],
    [0.5, 42.2611854215409, 42.33217331700037],
    [2, 45.95719725271019, 46.01192742457651],
    [8, 49.52867852229891, 49.57354643969646],
    [20, 51.766582154638044, 51.808852237789154],
  ])('at z = %d is that of astropy', (z, usual, planck) => {
    expect(distanceModulus(z, { h0: 70, om0: 0.3 })).toBeCloseTo(usual, 7);
    expect(distanceModulus(z, { h0: 67.4, om0: 0.315 })).toBeCloseTo(planck, 7);
  });

  it.each([0, -0.1, Number.NaN, Infinity])('is none for z = %d', (z) => {
    expect(() => distanceModulus(z, { h0: 70, om0: 0.3 })).toThrow(RangeError);
  });
});
