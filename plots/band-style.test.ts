import { bandColours, orderedBands } from './band-style.js';

type Colour = readonly [red: number, green: number, blue: number];

/** What is seen without the green or the red kind of cones (Machado, Oliveira & Fernandes 2009), of linear light. */
const EYES: Readonly<Record<string, readonly Colour[]>> = {
  all: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
};

function seen(hex: string, eye: readonly Colour[]): Colour {
  const linear = [1, 3, 5].map((at) => (parseInt(hex.slice(at, at + 2), 16) / 255) ** 2.2);
  const rows = eye.map((row) => row.reduce((sum, share, i) => sum + share * (linear[i] ?? 0), 0));
  const [red = 0, green = 0, blue = 0] = rows.map((value) => Math.max(0, value) ** (1 / 2.2));
  return [red, green, blue];
}

describe('colours of bands', () => {
  it.each(Object.entries(EYES))('differ for eyes with %s', (_, eye) => {
    const colours = bandColours(['u', 'g', 'r', 'i', 'z', 'y']).map((hex) => seen(hex, eye));
    for (const [index, a] of colours.entries())
      for (const b of colours.slice(index + 1)) {
        expect(Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2])).toBeGreaterThan(0.25);
      }
  });

  it('are the same whichever other bands are there, and differ for bands without one', () => {
    expect(bandColours(['r'])).toEqual(bandColours(['g', 'r']).slice(1));
    expect(new Set(bandColours(['c', 'o', 'w'])).size).toBe(3);
  });

  it('stand in order of wavelength', () => {
    expect(orderedBands(['o', 'y', 'r', 'g', 'c', 'r'])).toEqual(['g', 'r', 'y', 'c', 'o']);
  });
});
