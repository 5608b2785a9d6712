import { z } from 'zod';
import { definePreparedFilter, UnfitConfig, type FileContents } from '../define.js';
import { BadTable } from '../sky/csv.js';
import { PositionList, type ListedPosition } from '../sky/position-list.js';
import { LARGEST_RADIUS_ARCSEC, readWatchlist, type Watchlist } from '../sky/watchlist.js';

const radius = z.number().positive().max(LARGEST_RADIUS_ARCSEC);

const config = z.strictObject({
  file: z
    .string()
    .min(1)
    .optional()
    .describe('a CSV file beside the channel: columns ra, dec, optional name, radius, id'),
  positions: z
    .array(
      z.strictObject({
        name: z.string().min(1).describe('of what is there'),
        ra: z.number().min(0).lt(360).describe('ICRS (deg)'),
        dec: z.number().min(-90).max(90).describe('ICRS (deg)'),
        radius: radius.optional().describe('another radius for this one (arcsec)'),
      }),
    )
    .optional()
    .describe('a list that is short enough for the channel itself'),
  ids: z.array(z.string().min(1)).optional().describe('objects by their names in the survey, such as ZTF18abxhyqv'),
  radius: radius.default(3).describe('how near an alert has to be, where the list does not say (arcsec)'),
});

/** Alerts at the positions of a list, or of the objects of one: a table beside the channel, or in it. */
export const watchlistFilter = definePreparedFilter({
  name: 'WatchlistFilter',
  version: '1.0.0',
  summary: 'Alerts near the positions of a list, the nearest named, or of listed objects.',
  config,
  reads: { candidate: ['ra', 'dec'], history: [] },
  reasons: {
    notListed: 'neither near a position of the list, nor an object of it',
    null: 'the alert has no position',
  },
  files: ({ file }) => (file === undefined ? [] : [file]),
  bind: ({ file, positions = [], ids = [], radius: radiusArcsec }, { files }) => {
    const inFile = file === undefined ? EMPTY : listOf(file, files, radiusArcsec);
    const own = positions.map(({ radius: one = radiusArcsec, ...position }) => ({ ...position, radiusArcsec: one }));
    const all: ListedPosition[] = [...own, ...inFile.positions];
    const objects = new Set([...ids, ...inFile.ids]);
    if (all.length + objects.size === 0) {
      throw new UnfitConfig([], 'names nothing, expected a file, positions or ids');
    }
    const list = new PositionList(all);
    return ({ objectId, candidate: { ra, dec } }) => {
      if (objects.has(objectId)) return { accepted: true, match: objectId };
      if (all.length === 0) return { accepted: false, reason: 'notListed' };
      if (typeof ra !== 'number' || typeof dec !== 'number' || Number.isNaN(ra + dec)) {
        return { accepted: false, reason: 'null', field: typeof ra === 'number' && !Number.isNaN(ra) ? 'dec' : 'ra' };
      }
      const match = list.nearest({ ra, dec });
      if (match === undefined) return { accepted: false, reason: 'notListed' };
      return { accepted: true, match: `${match.name}, ${match.separationArcsec.toFixed(1)} arcsec` };
    };
  },
});

const EMPTY: Watchlist = { positions: [], ids: [] };

function listOf(file: string, files: FileContents, radiusArcsec: number): Watchlist {
  try {
    return readWatchlist(files.get(file) ?? new Uint8Array(), radiusArcsec);
  } catch (error) {
    if (error instanceof BadTable) throw new UnfitConfig(['file'], `${file} ${error.message}`);
    throw error;
  }
}
