import { moonIllumination, weatherOf } from './weather.js';

describe('weather', () => {
  it('is the same whenever it is asked for, and differs from seed to seed', () => {
    const nights = Array.from({ length: 60 }, (_, night) => weatherOf(3, night));
    expect(weatherOf(3, 41)).toEqual(nights[41]);
    expect(nights).not.toEqual(Array.from({ length: 60 }, (_, night) => weatherOf(4, night)));
  });

  it('loses a tenth of the nights or so to storms of up to three nights, before the first night too', () => {
    const isLost = Array.from({ length: 4000 }, (_, i) => weatherOf(5, i - 2000).open[1] === 0);
    const lost = isLost.filter(Boolean).length;
    expect(lost / 4000).toBeGreaterThan(0.06);
    expect(lost / 4000).toBeLessThan(0.15);
    // Two storms of neighbouring blocks can touch.
    expect(isLost.map(Number).join('')).not.toContain('1111111');
  });

  it('knows the full moon of 2021-07-24 and the new moon of 2021-07-10 (Astronomical Almanac)', () => {
    expect(moonIllumination(2459419.6)).toBeGreaterThan(0.97);
    expect(moonIllumination(2459405.55)).toBeLessThan(0.03);
  });
});
