import { sexagesimal } from './sexagesimal.js';

describe('a position in hours and degrees', () => {
  it.each([
    [266.41683, -29.00781, '17:45:40.039 -29:00:28.12'],
    [21.6399519, 31.6163666, '01:26:33.588 +31:36:58.92'],
    [0, 0, '00:00:00.000 +00:00:00.00'],
    [180, 90, '12:00:00.000 +90:00:00.00'],
    [83.8220833, -5.3911111, '05:35:17.300 -05:23:28.00'],
  ])('is of %d %d: %s', (ra, dec, text) => {
    expect(sexagesimal({ ra, dec })).toBe(text);
  });

  it('never has 60 seconds, 24 hours or a negative zero', () => {
    expect(sexagesimal({ ra: 359.9999999999, dec: -0.000000001 })).toBe('00:00:00.000 +00:00:00.00');
    expect(sexagesimal({ ra: 14.99999999999, dec: -89.99999999999 })).toBe('01:00:00.000 -90:00:00.00');
    expect(sexagesimal({ ra: -15, dec: -0.5 })).toBe('23:00:00.000 -00:30:00.00');
  });
});
