import { ACCESS_TAGS } from './channel-file.js';
import type { Report } from './check-units.js';

/** The surveys that a file names, without what is none; the schema tells of that. */
export function surveysOf(stream: unknown): readonly (keyof typeof ACCESS_TAGS)[] {
  const given: readonly unknown[] = Array.isArray(stream) ? stream : [stream];
  const known = given.filter((one): one is keyof typeof ACCESS_TAGS => typeof one === 'string' && one in ACCESS_TAGS);
  return [...new Set(known)];
}

/** Data rights must be of the surveys whose alerts the channel reads, and of each of them. */
export function checkSurveys(file: Readonly<Record<string, unknown>>, report: Report): void {
  const { stream, access } = file;
  const surveys = surveysOf(stream);
  if (Array.isArray(stream)) checkList(stream, report);
  if (surveys.length === 0 || !Array.isArray(access)) return;
  const given: readonly unknown[] = access;
  const own: readonly string[] = surveys.flatMap((survey) => ACCESS_TAGS[survey]);
  const all: readonly string[] = Object.values(ACCESS_TAGS).flat();
  for (const [index, tag] of given.entries()) {
    if (typeof tag !== 'string' || own.includes(tag) || !all.includes(tag)) continue;
    const expected = `expected ${own.join(' or ')} for ${surveys.join(', ')}`;
    report(['access', index], `${tag} is a right to data of another survey, ${expected}`);
  }
  for (const survey of surveys) {
    const tags: readonly string[] = ACCESS_TAGS[survey];
    if (given.some((tag) => tags.includes(String(tag))) || given.length === 0) continue;
    if (surveys.length > 1)
      report(['access'], `found no right to data of ${survey}, expected ${tags.join(' or ')} too`);
  }
}

function checkList(stream: readonly unknown[], report: Report): void {
  if (stream.length === 0) report(['stream'], 'found an empty list, expected at least one survey');
  for (const [index, survey] of stream.entries()) {
    if (stream.indexOf(survey) < index) report(['stream', index], 'found a survey twice, expected each once');
  }
}
