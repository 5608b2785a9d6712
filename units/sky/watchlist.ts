import { nearestName } from '../../model/nearest-name.js';
import { BadTable, readCsv, type Row, type Table } from './csv.js';
import type { ListedPosition } from './position-list.js';

/** What a list names: positions, and objects by id. */
export interface Watchlist {
  readonly positions: readonly ListedPosition[];
  readonly ids: readonly string[];
}

/** More than the Sloan quasars; a larger list belongs into a catalogue. */
const MOST_ROWS = 500_000;
/** A degree: regions of the sky are for `SkyRegionFilter`. */
export const LARGEST_RADIUS_ARCSEC = 3600;
/** Problems that are told at once. */
const TOLD = 5;
const COLUMNS = ['name', 'id', 'ra', 'dec', 'radius'];

/**
 * Reads a list: columns `ra` and `dec` (ICRS, degrees, or sexagesimal with hours), optional `name` and `radius` (arcsec), or
 * `id` (name of an object of the survey), in any order among others. Throws `BadTable` with lines, columns and what was found.
 */
export function readWatchlist(bytes: Uint8Array, defaultRadiusArcsec: number): Watchlist {
  const table = readCsv(bytes);
  checkColumns(table);
  if (table.rows.length === 0) throw new BadTable('has a head and no rows');
  if (table.rows.length > MOST_ROWS) {
    throw new BadTable(`has ${table.rows.length} rows, expected ${MOST_ROWS} at most`);
  }
  const problems: string[] = [];
  const positions: ListedPosition[] = [];
  const ids: string[] = [];
  for (const row of table.rows) {
    const { id = '', ra = '', dec = '' } = row.cells;
    if (id !== '') ids.push(id);
    if (id !== '' && ra === '' && dec === '') continue;
    const position = positionOf(row, defaultRadiusArcsec, problems);
    if (position !== undefined) positions.push(position);
  }
  if (problems.length > 0) throw new BadTable(toldOf(problems));
  return { positions, ids };
}

function checkColumns({ columns }: Table): void {
  const has = (name: string): boolean => columns.includes(name);
  const needed = has('id') && !has('ra') && !has('dec') ? ['id'] : ['ra', 'dec'];
  for (const name of needed) {
    if (!has(name))
      throw new BadTable(`line 1: no column ${name}${meantBy(name, columns)}; found ${columns.join(', ')}`);
  }
  // Another column may be anything, but not a radius that is misspelt and would not count.
  const misspelt = columns.find((column) => !COLUMNS.includes(column) && nearestName(column, ['radius']) !== undefined);
  if (misspelt !== undefined && !has('radius')) {
    throw new BadTable(`line 1: found column ${misspelt}; did you mean radius?`);
  }
}

function meantBy(name: string, columns: readonly string[]): string {
  const meant = columns.find(
    (column) => !COLUMNS.includes(column) && nearestName(column, [name, `${name}deg`, `_${name}`]),
  );
  return meant === undefined ? '' : `; is it ${meant}?`;
}

function positionOf(row: Row, defaultRadiusArcsec: number, problems: string[]): ListedPosition | undefined {
  const { line, cells } = row;
  const ra = angleOf(cells['ra'] ?? '', 15);
  const dec = angleOf(cells['dec'] ?? '', 1);
  const radiusText = cells['radius'] ?? '';
  const radiusArcsec = radiusText === '' ? defaultRadiusArcsec : Number(radiusText);
  const found = problems.length;
  const expect = (isGood: boolean, column: string, expectation: string): void => {
    if (!isGood) problems.push(`line ${line}: ${column} is "${cells[column] ?? ''}", expected ${expectation}`);
  };
  expect(ra >= 0 && ra < 360, 'ra', 'degrees from 0 to 360, or hours as 12:34:56.7');
  expect(dec >= -90 && dec <= 90, 'dec', 'degrees from -90 to 90, also as -12:34:56');
  expect(
    radiusArcsec > 0 && radiusArcsec <= LARGEST_RADIUS_ARCSEC,
    'radius',
    `arcsec above 0, ${LARGEST_RADIUS_ARCSEC} at most`,
  );
  if (problems.length > found) return undefined;
  const name = [cells['name'], cells['id'], `line ${line}`].find((one) => one !== undefined && one !== '') ?? '';
  return { name, ra, dec, radiusArcsec };
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const SEXAGESIMAL = /^([+-]?)(\d{1,3})[: ]([0-5]?\d)[: ]([0-5]?\d(?:\.\d*)?)$/;

/** Degrees; NaN for what is no angle. `unit`: degrees of the first part of a sexagesimal one. */
function angleOf(text: string, unit: number): number {
  if (DECIMAL.test(text)) return Number(text);
  const [, sign, whole, minutes, seconds] = SEXAGESIMAL.exec(text) ?? [];
  if (whole === undefined) return Number.NaN;
  const angle = unit * (Number(whole) + Number(minutes) / 60 + Number(seconds) / 3600);
  return sign === '-' ? -angle : angle;
}

function toldOf(problems: readonly string[]): string {
  const rest = problems.length - TOLD;
  return `${problems.slice(0, TOLD).join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`;
}
