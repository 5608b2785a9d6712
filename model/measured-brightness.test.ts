import type { Datapoint, DatapointKind, Fields } from './datapoint.js';
import { fluxesByBand, magnitudesByBand, magOfFlux } from './measured-brightness.js';

function point(kind: DatapointKind, days: number, band: string, body: Fields): Datapoint {
  return { id: `${days}`, kind, jd: 2459000.5 + days, band, tags: [], body };
}

const POINTS = [
  point('detection', 2, 'r', { magpsf: 18, sigmapsf: 0.1, isdiffpos: 't' }),
  point('detection', 1, 'r', { magpsf: 19, sigmapsf: 0.1, isdiffpos: 'f' }),
  point('upperLimit', 0, 'r', { diffmaglim: 20 }),
  point('forced', 3, 'r', { psfFlux: -20, psfFluxErr: 10 }),
  point('forced', 4, 'g', { forcediffimflux: 100, forcediffimfluxunc: 10, magzpsci: 26.4 }),
];

describe('what was measured of a light curve', () => {
  it('in magnitudes is its positive detections, in order of time', () => {
    expect(magnitudesByBand([...POINTS, point('detection', 0, 'r', { magpsf: 18.5, sigmapsf: 0.2 })])).toEqual(
      new Map([
        [
          'r',
          [
            { jd: 2459000.5, mag: 18.5, magErr: 0.2 },
            { jd: 2459002.5, mag: 18, magErr: 0.1 },
          ],
        ],
      ]),
    );
  });

  it('in fluxes is everything that has one: negative detections and forced photometry too', () => {
    const fluxes = fluxesByBand(POINTS);
    const r = fluxes.get('r')?.map(({ flux, fluxErr }) => [flux.toFixed(1), fluxErr.toFixed(1)]);
    // 19 mag are 91,201.1 nJy, 18 mag 229,086.8 nJy (AB); an error of 0.1 mag is one of 9.2 %.
    expect(r).toEqual([
      ['-91201.1', '8399.9'],
      ['229086.8', '21099.7'],
      ['-20.0', '10.0'],
    ]);
    // Zero point 26.4: one unit of the image is 100 nJy.
    expect(fluxes.get('g')).toMatchObject([{ flux: 10000, fluxErr: 1000 }]);
    expect(magOfFlux(229086.765)).toBeCloseTo(18, 8);
  });
});
