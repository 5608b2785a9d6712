import { ACCESS_TAGS } from './channel-file.js';
import { isMapping, type KnownUnits, type Report } from './check-units.js';

/** Data rights and filter must be of the survey whose alerts the channel reads. */
export function checkSurvey(file: Readonly<Record<string, unknown>>, known: KnownUnits, report: Report): void {
  const { stream, access, t0 } = file;
  if (stream !== 'ztf' && stream !== 'lsst') return;
  const own: readonly string[] = ACCESS_TAGS[stream];
  const all: readonly string[] = Object.values(ACCESS_TAGS).flat();
  for (const [index, tag] of (Array.isArray(access) ? (access as unknown[]) : []).entries()) {
    if (typeof tag !== 'string' || own.includes(tag) || !all.includes(tag)) continue;
    report(
      ['access', index],
      `${tag} is a right to data of another survey, expected ${own.join(' or ')} for ${stream}`,
    );
  }
  const name = isMapping(t0) ? t0['unit'] : undefined;
  const filters = known.all().filter((unit) => unit.tier === 't0');
  const filter = filters.find((unit) => unit.name === name);
  if (filter?.surveys === undefined || filter.surveys.includes(stream)) return;
  const fitting = filters.filter(({ surveys }) => surveys === undefined || surveys.includes(stream));
  report(
    ['t0', 'unit'],
    `${filter.name} reads alerts of ${filter.surveys.join(', ')}, expected a filter for ${stream}; known: ${fitting.map((unit) => unit.name).join(', ') || 'none'}`,
  );
}
