import { basename, extname } from 'node:path';
import { parseConfig } from '../units/parse-config.js';
import type { UnitUse } from '../model/channel.js';
import { nearestName } from '../model/nearest-name.js';
import { resultTrigger } from './rule-file.js';
import { isMapping, type Report } from './check-units.js';

/** A channel is found by the name of its file. */
export function checkFileName(name: unknown, fileName: string, report: Report): void {
  const expected = basename(fileName, extname(fileName));
  if (typeof name !== 'string' || name === expected) return;
  report(['name'], `found "${name}" in a file named ${basename(fileName)}, expected the same name for both`);
}

/** There is nothing to match in a channel of one survey. */
export function checkMatch(file: Readonly<Record<string, unknown>>, streams: readonly string[], report: Report): void {
  const { t1 } = file;
  if (!isMapping(t1) || t1['match'] === undefined || streams.length > 1) return;
  report(['t1', 'match'], 'found it in a channel of one survey, expected a second one in stream');
}

/** The same computation twice is one result: the second entry would do nothing. */
export function checkRepeatedT2(uses: readonly (UnitUse | undefined)[], report: Report): void {
  const first = new Map<string, number>();
  for (const [index, use] of uses.entries()) {
    if (use === undefined) continue;
    const identity = `${use.unit} ${use.configHash}`;
    const other = first.get(identity);
    if (other === undefined) first.set(identity, index);
    else report(['t2', index], `${use.unit} with the same config stands at t2[${other}] already, expected it once`);
  }
}

/** Reactions are found by the name of their rule, whatever sets it off. */
export function checkRepeatedRules(lists: Readonly<Record<string, readonly unknown[]>>, report: Report): void {
  const first = new Map<string, string>();
  for (const [list, rules] of Object.entries(lists)) {
    for (const [index, rule] of rules.entries()) {
      if (!isMapping(rule) || typeof rule['name'] !== 'string') continue;
      const { name } = rule;
      const other = first.get(name);
      if (other === undefined) first.set(name, `${list}[${index}]`);
      else report([list, index, 'name'], `"${name}" is the name of ${other} already, expected another`);
    }
  }
}

/** `when: {result: X}` waits for a unit that the channel computes. */
export function checkResultTriggers(rules: readonly unknown[], t2: readonly unknown[], report: Report): void {
  const units = t2.flatMap((use) => (isMapping(use) && typeof use['unit'] === 'string' ? [use['unit']] : []));
  for (const [index, rule] of rules.entries()) {
    if (!isMapping(rule) || !isMapping(rule['when'])) continue;
    const path = ['t3', index, 'when'];
    const trigger = parseConfig({ config: resultTrigger }, rule['when']);
    if (!trigger.ok) {
      for (const issue of trigger.issues) report([...path, ...issue.path], issue.message);
    } else if (!units.includes(trigger.config.result)) {
      const { result } = trigger.config;
      const meant = nearestName(result, units);
      const advice = meant === undefined ? 'add it to t2' : `did you mean "${meant}"?`;
      const known = units.length === 0 ? 'it has none' : `it has ${units.join(', ')}`;
      report([...path, 'result'], `found "${result}", expected a T2 unit of this channel (${known}); ${advice}`);
    }
  }
}
