import { z } from 'zod';
import type {
  Channel,
  CombineOptions,
  ChannelRevision,
  FilterUse,
  ReactionRule,
  T2Use,
  UnitUse,
} from '../model/channel.js';
import { contentHash } from '../model/content-hash.js';
import { parseConfig } from '../units/parse-config.js';
import type { ChannelError } from './channel-error.js';
import { ACCESS_TAGS, channelFile, type ChannelFile } from './channel-file.js';
import { noFiles, type ReadFile } from './channel-folder.js';
import { checkFilters } from './check-filters.js';
import type { FilterCheck } from './check-single-filter.js';
import { checkSurveys, surveysOf } from './check-survey.js';
import { checkT2 } from './check-t2.js';
import { checkFileName, checkMatch, checkRepeatedRules, checkRepeatedT2, checkResultTriggers } from './check-rules.js';
import { checkConditions, type RuleConditions } from './check-conditions.js';
import { checkUnitUse, isMapping, type KnownUnits, type Report } from './check-units.js';
import { readYaml } from './read-yaml.js';
import { checkPeriodic, periodicRule, type CheckedPeriodic } from './check-periodic.js';
import type { RuleFile } from './rule-file.js';
import { ruleSafeguards } from './rule-safeguards.js';
import { pathText, type YamlPath } from './yaml-path.js';

export type ChannelCheck =
  | {
      readonly ok: true;
      readonly revision: ChannelRevision;
      /** Content of the files that the channel names, by sha256. */
      readonly files: ReadonlyMap<string, Uint8Array>;
    }
  | { readonly ok: false; readonly errors: readonly ChannelError[] };

/**
 * Checks a channel file and applies it: defaults filled in, identity computed. Finds all errors, ascending by place.
 * Never throws on a bad file. `fileName` is for messages, and its base name must be that of the channel; `read` gives the
 * files that it names.
 */
export function checkChannel(
  text: string,
  fileName: string,
  known: KnownUnits,
  read: ReadFile = noFiles,
): ChannelCheck {
  const { faults, content } = readYaml(text);
  const errors: ChannelError[] = faults.map(({ line, column, path, message }) => {
    return { file: fileName, line, column, path: pathText(path), message };
  });
  let channel: Channel | undefined;
  const files = new Map<string, Uint8Array>();
  if (content !== undefined) {
    channel = checkContent(content.value, fileName, { known, read, files }, (path, message) => {
      // `parseConfig` has no other sign of it.
      const of = message.startsWith('unknown key ') ? 'key' : 'value';
      errors.push({ file: fileName, ...content.placeOf(path, of), path: pathText(path), message });
    });
  }
  if (errors.length === 0 && channel !== undefined) {
    return { ok: true, revision: { channel, hash: contentHash(z.json().parse(channel)) }, files };
  }
  return { ok: false, errors: firstOfEach(errors.sort((a, b) => a.line - b.line || a.column - b.column)) };
}

/** One error for each value: of `name: hu` it is enough to say that it is no name, not also that no file is called so. */
function firstOfEach(errors: readonly ChannelError[]): ChannelError[] {
  const seen = new Set<string>();
  return errors.filter(({ line, column, path }) => {
    const place = `${line}:${column} ${path}`;
    return !seen.has(place) && seen.add(place);
  });
}

/**
 * The channel; it stands only if nothing was reported. The schema judges the whole file, the other checks as much as
 * is there, so that one misspelt key hides no other error.
 */
function checkContent(
  value: unknown,
  fileName: string,
  { known, read, files }: Pick<FilterCheck, 'known' | 'read' | 'files'>,
  report: Report,
): Channel | undefined {
  if (!isMapping(value)) {
    const found = value === null ? 'nothing' : Array.isArray(value) ? 'a list' : 'a single value';
    report([], `found ${found}, expected a channel: name, version, stream, t0 and more`);
    return undefined;
  }
  const file = parseConfig({ config: channelFile }, value);
  const t2Given = listOf(value['t2']);
  const rulesGiven = listOf(value['t3']);
  const periodicGiven = listOf(value['periodic']);
  for (const { path, message } of file.ok ? [] : file.issues) {
    if (!isResultTrigger(path, rulesGiven)) report(path, message);
  }
  const streams = surveysOf(value['stream']);
  const t0 = checkFilters(value['t0'], streams, { known, read, report, files });
  const t2 = checkT2(t2Given, streams, known, report);
  const t3 = rulesGiven.map((use, index) => checkUnitUse(use, ['t3', index], 't3', known, report));
  checkFileName(value['name'], fileName, report);
  checkSurveys(value, report);
  checkMatch(value, streams, report);
  checkRepeatedT2(t2, report);
  checkRepeatedRules({ t3: rulesGiven, periodic: periodicGiven }, report);
  checkResultTriggers(rulesGiven, t2Given, report);
  const conditions = checkConditions(rulesGiven, t2Given, known, report);
  const periodic = checkPeriodic(periodicGiven, t2Given, known, report);
  const rules = t3.map((use, index) => ({ use, ...conditions[index] }));
  return file.ok ? applied(file.config, streams, { t0, t2, rules, periodic }) : undefined;
}

/** What the checks have made of a channel's tiers. */
interface CheckedParts {
  readonly t0: Readonly<Record<string, FilterUse>>;
  readonly t2: readonly (T2Use | undefined)[];
  readonly rules: readonly CheckedRule[];
  readonly periodic: readonly CheckedPeriodic[];
}

function applied(
  file: ChannelFile,
  streams: ReturnType<typeof surveysOf>,
  { t0, t2, rules, periodic }: CheckedParts,
): Channel {
  const { name, version, description, contact, keep, cap, on_stock_match: onStockMatch, t1 } = file;
  return {
    ...{ name, version, ...(description !== undefined && { description }), ...(contact !== undefined && { contact }) },
    ...(cap !== undefined && { maxPerNight: cap }),
    ...(onStockMatch !== undefined && { onStockMatch }),
    ...(keep?.receipts !== undefined && { keepReceiptsDays: keep.receipts }),
    ...(keep?.cutouts !== undefined && { keepCutoutsDays: keep.cutouts }),
    // A set: its order must not make another channel.
    streams: [...streams].sort(),
    access: [...(file.access ?? streams.flatMap((survey) => ACCESS_TAGS[survey].slice(0, 1)))].sort(),
    t0,
    ...(t1 !== undefined && { t1: combineOptions(t1) }),
    t2: file.t2.flatMap(({ group: groups }, index): T2Use[] => {
      const use = t2[index];
      return use === undefined ? [] : [{ ...use, ...(groups !== undefined && { groups }) }];
    }),
    ...reactionsOf(file),
    t3: file.t3.flatMap((rule, index) => reactionRule(rule, rules[index])),
    ...(file.periodic.length > 0 && {
      periodic: file.periodic.flatMap((rule, index) => periodicRule(rule, periodic[index])),
    }),
  };
}

/** The unit and the expressions of a rule, as far as they are right. */
type CheckedRule = RuleConditions & { readonly use: UnitUse | undefined };

function reactionRule(rule: RuleFile, checked: CheckedRule | undefined): ReactionRule[] {
  const { name, after, within, atMost, requires, approvalWithin = 1, group: groups } = rule;
  const { use, unless } = checked ?? {};
  const when = typeof rule.when === 'object' ? rule.when : checked?.when;
  // What is wrong was reported.
  if (use === undefined || when === undefined) return [];
  return [
    {
      ...{ ...use, name, when, afterDays: after ?? 0 },
      ...(within !== undefined && { withinDays: within }),
      ...(unless !== undefined && { unless }),
      ...(atMost !== undefined && { atMost }),
      ...(requires !== undefined && {
        requires: { of: requires === 'approval' ? 'each' : 'first', withinDays: approvalWithin },
      }),
      ...ruleSafeguards(rule),
      ...(groups !== undefined && { groups }),
    },
  ];
}

/** Without rules there is nothing to hold back. */
function reactionsOf({ t3, periodic, reactions = { mode: 'dry' } }: ChannelFile): Pick<Channel, 'reactions'> {
  const held = ruleSafeguards(reactions);
  return t3.length + periodic.length === 0 || Object.keys(held).length === 0 ? {} : { reactions: held };
}

function combineOptions({
  exclude,
  bands,
  window,
  forced,
  retro,
  match,
}: NonNullable<ChannelFile['t1']>): CombineOptions {
  return {
    ...(exclude !== undefined && { exclude: [...exclude].sort() }),
    ...(bands !== undefined && { bands: [...bands].sort() }),
    ...(window !== undefined && { maxAgeDays: window }),
    ...(forced !== undefined && { forced }),
    ...(retro !== undefined && { retro }),
    ...(match !== undefined && { matchArcsec: match }),
  };
}

/** Of `when: { reslt: X }` the schema can only say that it is neither form; `checkResultTriggers` names the key. */
function isResultTrigger(path: YamlPath, rules: readonly unknown[]): boolean {
  const [list, index, key] = path;
  const rule = typeof index === 'number' ? rules[index] : undefined;
  return list === 't3' && key === 'when' && isMapping(rule) && isMapping(rule['when']);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
