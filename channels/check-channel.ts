import { z } from 'zod';
import type { Channel, ChannelRevision, ReactionRule, UnitUse } from '../model/channel.js';
import { contentHash } from '../model/content-hash.js';
import { parseConfig } from '../units/parse-config.js';
import type { ChannelError } from './channel-error.js';
import { ACCESS_TAGS, channelFile, type ChannelFile } from './channel-file.js';
import { checkSurvey } from './check-survey.js';
import { checkFileName, checkResultTriggers, checkRepeatedRules, checkRepeatedT2, checkUnless } from './check-rules.js';
import { checkUnitUse, isMapping, type KnownUnits, type Report } from './check-units.js';
import { readYaml } from './read-yaml.js';
import { pathText, type YamlPath } from './yaml-path.js';

export type ChannelCheck =
  | { readonly ok: true; readonly revision: ChannelRevision }
  | { readonly ok: false; readonly errors: readonly ChannelError[] };

/**
 * Checks a channel file and applies it: defaults filled in, identity computed. Finds all errors, ascending by place.
 * Never throws on a bad file. `fileName` is for messages, and its base name must be that of the channel.
 */
export function checkChannel(text: string, fileName: string, known: KnownUnits): ChannelCheck {
  const { faults, content } = readYaml(text);
  const errors: ChannelError[] = faults.map(({ line, column, path, message }) => {
    return { file: fileName, line, column, path: pathText(path), message };
  });
  let channel: Channel | undefined;
  if (content !== undefined) {
    channel = checkContent(content.value, fileName, known, (path, message) => {
      // `parseConfig` has no other sign of it.
      const of = message.startsWith('unknown key ') ? 'key' : 'value';
      errors.push({ file: fileName, ...content.placeOf(path, of), path: pathText(path), message });
    });
  }
  if (errors.length === 0 && channel !== undefined) {
    return { ok: true, revision: { channel, hash: contentHash(z.json().parse(channel)) } };
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
function checkContent(value: unknown, fileName: string, known: KnownUnits, report: Report): Channel | undefined {
  if (!isMapping(value)) {
    const found = value === null ? 'nothing' : Array.isArray(value) ? 'a list' : 'a single value';
    report([], `found ${found}, expected a channel: name, version, stream, t0 and more`);
    return undefined;
  }
  const file = parseConfig({ config: channelFile }, value);
  const t2Given = listOf(value['t2']);
  const rulesGiven = listOf(value['t3']);
  for (const { path, message } of file.ok ? [] : file.issues) {
    if (!isResultTrigger(path, rulesGiven)) report(path, message);
  }
  const t0 = checkUnitUse(value['t0'], ['t0'], 't0', known, report);
  const t2 = t2Given.map((use, index) => checkUnitUse(use, ['t2', index], 't2', known, report));
  const t3 = rulesGiven.map((use, index) => checkUnitUse(use, ['t3', index], 't3', known, report));
  checkFileName(value['name'], fileName, report);
  checkSurvey(value, known, report);
  checkRepeatedT2(t2, report);
  checkRepeatedRules(rulesGiven, report);
  checkResultTriggers(rulesGiven, t2Given, report);
  checkUnless(rulesGiven, report);
  return file.ok && t0 !== undefined ? applied(file.config, t0, t2, t3) : undefined;
}

function applied(
  file: ChannelFile,
  t0: UnitUse,
  t2: readonly (UnitUse | undefined)[],
  t3: readonly (UnitUse | undefined)[],
): Channel {
  const { keep, ...rest } = file;
  return {
    ...rest,
    ...(keep?.receipts !== undefined && { keepReceiptsDays: keep.receipts }),
    // A set: its order must not make another channel.
    access: [...(file.access ?? ACCESS_TAGS[file.stream].slice(0, 1))].sort(),
    t0,
    t2: t2.filter((use) => use !== undefined),
    t3: file.t3.flatMap(({ name, when, after, unless }, index): ReactionRule[] => {
      const use = t3[index];
      if (use === undefined) return [];
      return [{ ...use, name, when, afterDays: after ?? 0, ...(unless === undefined ? {} : { unless }) }];
    }),
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
