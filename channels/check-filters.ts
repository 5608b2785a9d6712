import { z } from 'zod';
import type { FilterUse } from '../model/channel.js';
import { contentHash } from '../model/content-hash.js';
import { nearestName } from '../model/nearest-name.js';
import { ACCESS_TAGS } from './channel-file.js';
import { checkSingleFilter, type FilterCheck } from './check-single-filter.js';
import { isMapping, type Report } from './check-units.js';
import type { YamlPath } from './yaml-path.js';

const FORMS = ['unit', 'expression', 'all', 'any', 'not'] as const;
type Form = (typeof FORMS)[number];
const KEYS: Readonly<Record<Form, readonly string[]>> = {
  unit: ['unit', 'config', 'group'],
  expression: ['expression', 'reason', 'group'],
  all: ['all', 'group'],
  any: ['any', 'group'],
  not: ['not', 'group'],
};
/** Nobody reads deeper. */
const MAX_DEPTH = 8;

/** The filters of `t0` by survey; without those that cannot be used, whose faults are reported. */
export function checkFilters(
  given: unknown,
  streams: readonly string[],
  check: FilterCheck,
): Record<string, FilterUse> {
  const found: Record<string, FilterUse> = {};
  for (const { survey, node, path } of bySurvey(given, streams, check.report)) {
    const use = checkNode(node, path, survey, check, 1);
    if (use !== undefined) found[survey] = use;
  }
  return found;
}

interface SurveyFilter {
  readonly survey: string;
  readonly node: unknown;
  readonly path: YamlPath;
}

/** One filter serves all surveys of the channel, or each has its own: `t0: {ztf: …, lsst: …}`. */
function bySurvey(given: unknown, streams: readonly string[], report: Report): SurveyFilter[] {
  const surveys = Object.keys(ACCESS_TAGS);
  if (!isMapping(given) || !Object.keys(given).some((key) => surveys.includes(key))) {
    return streams.map((survey) => ({ survey, node: given, path: ['t0'] }));
  }
  for (const key of Object.keys(given)) {
    if (!surveys.includes(key)) report(['t0', key], `unknown key "${key}"; known: ${surveys.join(', ')}`);
    else if (!streams.includes(key))
      report(['t0', key], `found a filter for ${key}, whose stream the channel does not read`);
  }
  return streams.flatMap((survey) => {
    if (given[survey] === undefined) report(['t0', survey], `missing, expected a filter for ${survey}`);
    return given[survey] === undefined ? [] : [{ survey, node: given[survey], path: ['t0', survey] }];
  });
}

function checkNode(
  node: unknown,
  path: YamlPath,
  survey: string,
  check: FilterCheck,
  depth: number,
): FilterUse | undefined {
  const form = formOf(node, path, check.report);
  if (form === undefined || !isMapping(node)) return undefined;
  if (depth > MAX_DEPTH) {
    check.report(path, `filters stand ${depth} deep in each other, expected ${MAX_DEPTH} at most`);
    return undefined;
  }
  const use =
    form === 'unit' || form === 'expression'
      ? checkSingleFilter(node, form, path, survey, check)
      : checkCombined(node[form], form, [...path, form], survey, check, depth);
  const group = checkGroup(node['group'], [...path, 'group'], check.report);
  return use && (group === undefined ? use : { ...use, group });
}

function formOf(node: unknown, path: YamlPath, report: Report): Form | undefined {
  const expected = `expected a filter: ${FORMS.slice(0, -1).join(', ')} or not`;
  if (!isMapping(node)) {
    if (node !== undefined) report(path, `found ${Array.isArray(node) ? 'a list' : JSON.stringify(node)}, ${expected}`);
    return undefined;
  }
  const forms = FORMS.filter((form) => node[form] !== undefined);
  const [form] = forms;
  const keys = Object.keys(node);
  if (form === undefined) {
    const known = [...FORMS, 'config', 'group'];
    const stray = keys.find((key) => !known.includes(key));
    if (stray === undefined) report(path, `found none of ${FORMS.join(', ')}, ${expected}`);
    else report([...path, stray], unknownKey(stray, known));
    return undefined;
  }
  if (forms.length > 1) report([...path, forms[1] ?? ''], `found ${forms.join(' and ')}, expected one of them`);
  for (const key of keys) {
    if (!KEYS[form].includes(key) && !FORMS.some((name) => name === key)) {
      report([...path, key], unknownKey(key, KEYS[form]));
    }
  }
  return forms.length > 1 ? undefined : form;
}

function unknownKey(key: string, known: readonly string[]): string {
  const meant = nearestName(key, known);
  return meant === undefined
    ? `unknown key "${key}"; known: ${known.join(', ')}`
    : `unknown key "${key}"; did you mean "${meant}"?`;
}

function checkGroup(given: unknown, path: YamlPath, report: Report): number | undefined {
  if (given === undefined) return undefined;
  const group = z.int().min(1).max(255).safeParse(given);
  if (!group.success) report(path, `found ${JSON.stringify(given)}, expected a number from 1 to 255`);
  return group.data;
}

function checkCombined(
  given: unknown,
  combine: 'all' | 'any' | 'not',
  path: YamlPath,
  survey: string,
  check: FilterCheck,
  depth: number,
): FilterUse | undefined {
  if (combine !== 'not' && (!Array.isArray(given) || given.length < 2)) {
    check.report(
      path,
      `found ${Array.isArray(given) ? `${given.length} in the list` : 'no list'}, expected two filters or more`,
    );
    return undefined;
  }
  const nodes: readonly unknown[] = combine === 'not' ? [given] : (given as unknown[]);
  const filters = nodes.flatMap((node, index) => {
    const place = combine === 'not' ? path : [...path, index];
    return checkNode(node, place, survey, check, depth + 1) ?? [];
  });
  if (filters.length < nodes.length) return undefined;
  return {
    unit: `${combine}(${filters.map(({ unit }) => unit).join(', ')})`,
    version: filters.map(({ version }) => version).join(', '),
    config: null,
    configHash: contentHash({
      combine,
      filters: filters.map(({ unit, configHash, group }) => [unit, configHash, group ?? null]),
    }),
    combine,
    filters,
  };
}
