import { brightnessOf } from './brightness.js';

describe('the brightness of a point', () => {
  it('of ZTF is its difference magnitude, or its limit', () => {
    expect(brightnessOf({ kind: 'detection', body: { magpsf: 18.5, sigmapsf: 0.1, isdiffpos: 'f' } })).toEqual({
      ...{ mag: 18.5, magErr: 0.1, isLimit: false, isNegative: true },
    });
    expect(brightnessOf({ kind: 'upperLimit', body: { diffmaglim: 20.5, magpsf: null } })).toMatchObject({
      ...{ mag: 20.5, isLimit: true },
    });
  });

  // Golden values: astropy 8.0, (flux * u.nJy).to(u.ABmag).
  it.each([
    [1000, 100, 23.9, 0.10857],
    [-500, 100, 24.6526, 0.21715],
    [2.5e6, 1e4, 15.4052, 0.0043429],
  ])('of LSST is the AB magnitude of its flux: %d nJy', (psfFlux, psfFluxErr, mag, magErr) => {
    const found = brightnessOf({ kind: 'detection', body: { psfFlux, psfFluxErr } });
    expect(found?.mag).toBeCloseTo(mag, 3);
    expect(found?.magErr).toBeCloseTo(magErr, 4);
    expect(found?.isNegative).toBe(psfFlux < 0);
  });

  it('of a limit of LSST is what would have been detected at five times the noise', () => {
    expect(brightnessOf({ kind: 'upperLimit', body: { diaNoise: 200 } })?.mag).toBeCloseTo(23.9, 6);
  });

  it.each([
    ['without a flux', { psfFlux: null, psfFluxErr: 100 }],
    ['of no flux', { psfFlux: 0, psfFluxErr: 100 }],
    ['that is noise', { psfFlux: 250, psfFluxErr: 100 }],
    ['without an error', { psfFlux: 250 }],
  ])('of forced photometry %s is none', (_, body) => {
    expect(brightnessOf({ kind: 'forced', body })).toBeUndefined();
  });
});
