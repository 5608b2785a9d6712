import { createHash } from 'node:crypto';
import type { FilterUse } from '../model/channel.js';
import { contentHash } from '../model/content-hash.js';
import { UnfitConfig, type FileContents, type FilterUnit } from '../units/define.js';
import { FileProblem, type ReadFile } from './channel-folder.js';
import { checkUnitUse, isMapping, type KnownUnits, type Report } from './check-units.js';
import type { YamlPath } from './yaml-path.js';

/** What filters are checked with. */
export interface FilterCheck {
  readonly known: KnownUnits;
  readonly read: ReadFile;
  readonly report: Report;
  /** Takes the files that filters name, by sha256. */
  readonly files: Map<string, Uint8Array>;
}

/** A filter of its own: `{unit, config}`, or the short form of an expression. Undefined where its faults are reported. */
export function checkSingleFilter(
  node: Readonly<Record<string, unknown>>,
  form: 'unit' | 'expression',
  path: YamlPath,
  survey: string,
  check: FilterCheck,
): FilterUse | undefined {
  const { known, report } = check;
  const isShort = form === 'expression';
  const { expression, reason } = node;
  const given = isShort
    ? { unit: 'ExpressionFilter', config: { expression, ...(reason === undefined ? {} : { reason }) } }
    : node;
  // Of the short form, faults of the config are faults of the node.
  const place: Report = (at, message) => {
    report(isShort ? [...path, ...at.slice(path.length + 1)] : at, message);
  };
  const use = checkUnitUse(given, path, 't0', known, place);
  if (use === undefined) {
    if (typeof given['unit'] !== 'string')
      report([...path, 'unit'], `found ${JSON.stringify(given['unit'])}, expected string`);
    else if (!isShort && node['config'] !== undefined && !isMapping(node['config'])) {
      report(
        [...path, 'config'],
        `found ${Array.isArray(node['config']) ? 'a list' : JSON.stringify(node['config'])}, expected record`,
      );
    }
    return undefined;
  }
  const filter = known.all().find((unit): unit is FilterUnit => unit.tier === 't0' && unit.name === use.unit);
  if (filter === undefined || !isOfSurvey(filter, survey, path, check)) return undefined;
  const contents = readFiles(filter, use.config, path, check);
  if (contents === undefined) return undefined;
  try {
    filter.bind(filter.config.parse(use.config), { survey, files: contents });
  } catch (error) {
    if (!(error instanceof UnfitConfig)) throw error;
    place([...path, 'config', ...error.path], error.message);
    return undefined;
  }
  if (contents.size === 0) return use;
  const files = Object.fromEntries(Array.from(contents, ([name, bytes]) => [name, sha256(bytes)]));
  for (const bytes of contents.values()) check.files.set(sha256(bytes), bytes);
  return { ...use, configHash: contentHash({ config: use.config, files }), files };
}

function isOfSurvey(filter: FilterUnit, survey: string, path: YamlPath, { known, report }: FilterCheck): boolean {
  if (filter.surveys === undefined || filter.surveys.includes(survey)) return true;
  const fitting = known
    .all()
    .filter((unit) => unit.tier === 't0' && (unit.surveys === undefined || unit.surveys.includes(survey)));
  const names = fitting.map(({ name }) => name).join(', ') || 'none';
  report(
    [...path, 'unit'],
    `${filter.name} reads alerts of ${filter.surveys.join(', ')}, expected a filter for ${survey}; known: ${names}`,
  );
  return false;
}

function readFiles(
  filter: FilterUnit,
  config: FilterUse['config'],
  path: YamlPath,
  { read, report }: FilterCheck,
): FileContents | undefined {
  const contents = new Map<string, Uint8Array>();
  const parsed = filter.config.parse(config);
  const names = filter.files(parsed);
  for (const name of names) {
    try {
      contents.set(name, read(name));
    } catch (error) {
      if (!(error instanceof FileProblem)) throw error;
      const [key] = Object.entries(parsed).find(([, value]) => value === name) ?? [];
      report([...path, 'config', ...(key === undefined ? [] : [key])], `${name} ${error.message}`);
    }
  }
  return contents.size < names.length ? undefined : contents;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
