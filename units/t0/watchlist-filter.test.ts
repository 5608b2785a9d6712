import fc from 'fast-check';
import type { FilterInput } from '../../model/alert.js';
import type { Verdict } from '../../model/decision.js';
import { angularSeparationDeg } from '../../model/sky-separation.js';
import { UnfitConfig } from '../define.js';
import { PositionList } from '../sky/position-list.js';
import { watchlistFilter } from './watchlist-filter.js';

function judge(config: object, position: FilterInput['candidate'], csv = '', objectId = 'ZTF18abxhyqv'): Verdict {
  const files = new Map([['list.csv', Buffer.from(csv)]]);
  const filter = watchlistFilter.bind(watchlistFilter.config.parse(config), { survey: 'ztf', files });
  return filter({ objectId, candidate: position, history: [] });
}

function problemOf(csv: string | Buffer): string {
  try {
    const config = watchlistFilter.config.parse({ file: 'list.csv' });
    watchlistFilter.bind(config, { survey: 'ztf', files: new Map([['list.csv', Buffer.from(csv)]]) });
  } catch (error) {
    if (error instanceof UnfitConfig) return `${error.path.join('.')}: ${error.message}`;
    throw error;
  }
  return 'none';
}

const FILE = { file: 'list.csv', radius: 2 };
/** NGC 4993 (position of NED) and a neighbour. Distances that are expected below: astropy 8.0, SkyCoord.separation. */
const GALAXIES =
  'name,ra,dec,radius,type\nNGC 4993,197.448776,-23.383831,,E\n# a comment\n\nNeighbour,197.4493,-23.3838,5,"S, barred"\n';

describe('a watchlist', () => {
  it('accepts what is within the radius, and names the nearest with its distance', () => {
    expect(judge(FILE, { ra: 197.448776, dec: -23.383831 + 1.2 / 3600 }, GALAXIES)).toEqual({
      ...{ accepted: true, match: 'NGC 4993, 1.2 arcsec' },
    });
    expect(judge(FILE, { ra: 197.4498, dec: -23.3838 }, GALAXIES)).toMatchObject({ match: 'Neighbour, 1.7 arcsec' });
    expect(judge(FILE, { ra: 197.448776, dec: -23.383831 - 2.1 / 3600 }, GALAXIES)).toMatchObject({
      match: 'Neighbour, 2.8 arcsec',
    });
    expect(judge(FILE, { ra: 197.45, dec: -23.38 }, GALAXIES)).toEqual({ accepted: false, reason: 'notListed' });
  });

  it('takes positions in hours and minutes, and across ra 0 and the poles', () => {
    const list = 'ra,dec\r\n00:00:00.0,+89:59:59\r\n23:59:59.99,-10 00 00\r\n';
    expect(judge({ ...FILE, radius: 10 }, { ra: 180, dec: 89.999 }, list)).toEqual({
      accepted: true,
      match: 'line 2, 4.6 arcsec',
    });
    expect(judge(FILE, { ra: 0.0001, dec: -10 }, list)).toEqual({ accepted: true, match: 'line 3, 0.5 arcsec' });
  });

  it('may stand in the channel itself, and name objects', () => {
    const config = { positions: [{ name: 'M31', ra: 10.6847, dec: 41.2687, radius: 600 }], ids: ['ZTF18abxhyqv'] };
    expect(judge(config, { ra: 10.7, dec: 41.3 }, '', 'ZTF20aaaaaaa')).toMatchObject({ match: 'M31, 120.0 arcsec' });
    expect(judge(config, { ra: 50, dec: 50 })).toEqual({ accepted: true, match: 'ZTF18abxhyqv' });
    expect(judge({ file: 'list.csv' }, { ra: 50, dec: 50 }, 'id\nZTF18abxhyqv\n')).toMatchObject({ accepted: true });
    expect(judge({ file: 'list.csv' }, {}, 'id\nZTF20aaaaaaa\n')).toEqual({ accepted: false, reason: 'notListed' });
  });

  it.each([
    [{ ra: null, dec: 1 }, 'ra'],
    [{ ra: 1, dec: Number.NaN }, 'dec'],
    [{}, 'ra'],
  ])('does not accept what has no position: %j', (position, field) => {
    expect(judge(FILE, position, GALAXIES)).toEqual({ accepted: false, reason: 'null', field });
  });

  it('finds the same as a look at every position', () => {
    const angle = (min: number, max: number): fc.Arbitrary<number> => fc.double({ min, max, noNaN: true });
    const position = fc.record({ ra: angle(0, 359.999), dec: angle(-90, 90) });
    const listed = fc.record({
      ra: angle(0, 359.999),
      dec: angle(-90, 90),
      radiusArcsec: angle(1, 3600 * 20),
      name: fc.string(),
    });
    fc.assert(
      fc.property(fc.array(listed, { maxLength: 40 }), position, (list, one) => {
        const near = list
          .map(({ radiusArcsec, ...place }) => ({ radiusArcsec, separation: 3600 * angularSeparationDeg(one, place) }))
          .filter(({ radiusArcsec, separation }) => separation <= radiusArcsec)
          .sort((a, b) => a.separation - b.separation);
        expect(new PositionList(list).nearest(one)?.separationArcsec).toBe(near[0]?.separation);
      }),
    );
  });
});

describe('a list is refused when its channel is checked', () => {
  it.each([
    ['', 'file: list.csv is empty, expected a head such as name,ra,dec'],
    ['ra,dec\n', 'file: list.csv has a head and no rows'],
    ['name,raj2000,dec\nA,1,2\n', 'file: list.csv line 1: no column ra; found name, raj2000, dec'],
    ['name,_ra,_dec\nA,1,2\n', 'file: list.csv line 1: no column ra; is it _ra?; found name, _ra, _dec'],
    ['ra,dec,raduis\n1,2,3\n', 'file: list.csv line 1: found column raduis; did you mean radius?'],
    ['ra,dec,ra\n1,2,3\n', 'file: list.csv line 1: column ra is there twice'],
    ['ra,dec\n1,2,3\n', 'file: list.csv line 2: found 3 cells, expected 2: ra, dec'],
    ['ra,dec\n1,95\n', 'file: list.csv line 2: dec is "95", expected degrees from -90 to 90, also as -12:34:56'],
    ['ra,dec\n400,5\n', 'file: list.csv line 2: ra is "400", expected degrees from 0 to 360, or hours as 12:34:56.7'],
    ['ra,dec\nNaN,5\n', 'ra is "NaN"'],
    ['ra,dec\n0x10,5\n', 'ra is "0x10"'],
    ['ra,dec\n12:60:00,5\n', 'ra is "12:60:00"'],
    ['ra,dec,radius\n1,5,0\n', 'file: list.csv line 2: radius is "0", expected arcsec above 0, 3600 at most'],
    ['ra,dec,radius\n1,5,1e6\n', 'radius is "1e6"'],
    ['ra,dec\n1,"5\n', 'file: list.csv line 2: a quote is not closed'],
    [`ra,dec\n${'x,y\n'.repeat(9)}`, 'line 4: ra is "x"'],
    [`ra,dec\n${'x,y\n'.repeat(9)}`, '; and 13 more'],
    [Buffer.from([0x72, 0x61, 0xff, 0xfe]), 'file: list.csv is not text in UTF-8'],
  ])('%j', (csv, message) => {
    expect(problemOf(csv)).toContain(message);
  });

  it('where it names nothing at all', () => {
    expect(() => judge({}, {})).toThrow('names nothing, expected a file, positions or ids');
  });
});
