import { galacticLatitudeDeg, galacticOf } from './galactic.js';

describe('galacticLatitudeDeg', () => {
  // astropy 8.0.2: SkyCoord(ra, dec, unit='deg').galactic.b.deg
  it.each([
    ['M31', 10.6847, 41.2687, -21.5733585380693],
    ['the galactic centre', 266.4168, -29.0078, -0.046134602068363374],
    ['the Crab', 83.6331, 22.0145, -5.784343652078103],
    ['COSMOS', 150.1163, 2.201, 42.11649250452339],
    ['the celestial pole', 0, 90, 27.128252414968],
  ])('agrees with astropy on %s', (_, raDeg, decDeg, expected) => {
    expect(galacticLatitudeDeg(raDeg, decDeg)).toBeCloseTo(expected, 9);
  });
});

describe('galactic coordinates', () => {
  // Golden values: astropy 8.0, SkyCoord.galactic.
  it.each([
    [10.6847, 41.2687, 121.1743203806599, -21.5733585380693],
    [83.6331, 22.0145, 184.5574661924734, -5.784343652078103],
    [266.4168, -29.0078, 359.94424942586494, -0.046134602068363374],
    [0, 90, 122.93192525541662, 27.128252414968],
    [350, -60, 322.039945743659, -53.60426213186169],
  ])('of (%d, %d) are those of astropy', (ra, dec, l, b) => {
    expect(galacticOf(ra, dec).l).toBeCloseTo(l, 9);
    expect(galacticOf(ra, dec).b).toBeCloseTo(b, 9);
  });
});
