import { nearestName } from './nearest-name.js';

const cuts = ['min_ndet', 'min_tspan', 'max_tspan', 'min_rb', 'min_drb', 'max_fwhm'];

describe('nearestName', () => {
  it('finds the cut that was meant by a slip of the hand', () => {
    expect(nearestName('min_ndett', cuts)).toBe('min_ndet');
    expect(nearestName('minndet', cuts)).toBe('min_ndet');
    expect(nearestName('max_fwmh', cuts)).toBe('max_fwhm');
  });

  it('prefers the smaller change, and the first of equal ones', () => {
    expect(nearestName('min_rbb', cuts)).toBe('min_rb');
    expect(nearestName('mix_tspan', cuts)).toBe('min_tspan');
  });

  it('does not look at case: units are often written as their files are', () => {
    expect(nearestName('decentfilter', ['DecentFilter', 'T2LightCurveSummary'])).toBe('DecentFilter');
  });

  it('guesses nothing where no known name is near', () => {
    expect(nearestName('gaia_parallax', cuts)).toBeUndefined();
    expect(nearestName('ra', ['jd'])).toBeUndefined();
    expect(nearestName('min_ndet', [])).toBeUndefined();
  });
});
