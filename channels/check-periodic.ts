import { z } from 'zod';
import type { PeriodicRule, UnitUse } from '../model/channel.js';
import type { Condition } from '../model/condition.js';
import type { RunTimes } from '../model/run-times.js';
import type { Selection, SelectionOrder } from '../model/selection.js';
import type { ResultShape } from '../units/expression/result-fields.js';
import { QueryProblem, selectionQuery } from '../units/selection/selection-query.js';
import { conditionOf, shapesOf } from './check-conditions.js';
import { checkUnitUse, isMapping, type KnownUnits, type Report } from './check-units.js';
import type { PeriodicFile } from './periodic-file.js';
import { ruleSafeguards } from './rule-safeguards.js';

/** What of a periodic rule is right by itself: the rest is in its file. */
export interface CheckedPeriodic {
  readonly use: UnitUse | undefined;
  /** The unit can tell of all objects in one message. */
  readonly canTellAll: boolean;
  readonly where?: Condition;
  readonly query?: Selection['query'];
  readonly order?: SelectionOrder;
}

/** Units, expressions and queries of the periodic rules; what is wrong is reported. */
export function checkPeriodic(
  rules: readonly unknown[],
  t2: readonly unknown[],
  known: KnownUnits,
  report: Report,
): CheckedPeriodic[] {
  const shapes = shapesOf(t2, known);
  return rules.map((rule, index) => {
    const path = ['periodic', index] as const;
    const use = checkUnitUse(rule, path, 't3', known, report);
    const unit = known.all().find(({ name, tier }) => tier === 't3' && name === use?.unit);
    const canTellAll = unit?.tier === 't3' && unit.summarize !== undefined;
    if (!isMapping(rule)) return { use, canTellAll };
    checkTimes(rule, (key, message) => {
      report([...path, key], message);
    });
    if (use !== undefined && rule['tell'] === 'all' && !canTellAll) {
      report([...path, 'tell'], `found all, but ${use.unit} has no message on several objects; expected each`);
    }
    const select = isMapping(rule['select']) ? rule['select'] : {};
    return {
      ...{ use, canTellAll },
      ...checkSelection(select, shapes, canTellAll && rule['tell'] !== 'each', (key, message) => {
        report([...path, 'select', key], message);
      }),
    };
  });
}

type Refuse = (key: string, message: string) => void;

function checkTimes({ every, at, site }: Readonly<Record<string, unknown>>, refuse: Refuse): void {
  if (every === undefined && at === undefined)
    refuse('name', 'runs never: expected every: 6 h, or at: "07:30 Europe/Berlin"');
  if (every !== undefined && at !== undefined) refuse('every', 'found every and at, expected one of them');
  const isTwilight = typeof at === 'string' && at.endsWith('twilight');
  if (isTwilight && site === undefined)
    refuse('at', 'found a twilight without a site, expected site: palomar, or another');
  if (!isTwilight && site !== undefined) refuse('site', 'found a site, but no twilight that would be there');
}

/** The most that stands in one message. */
const MOST_IN_A_MESSAGE = 1000;

function checkSelection(
  { where, query, order, limit }: Readonly<Record<string, unknown>>,
  shapes: ReadonlyMap<string, ResultShape>,
  isOneMessage: boolean,
  refuse: Refuse,
): Pick<CheckedPeriodic, 'where' | 'query' | 'order'> {
  if (isOneMessage && typeof limit === 'number' && limit > MOST_IN_A_MESSAGE) {
    refuse('limit', `found ${limit}, expected ${MOST_IN_A_MESSAGE} at most in one message`);
  }
  const asked = isMapping(query) ? checkQuery(query, refuse) : undefined;
  const held = typeof where === 'string' ? conditionIn('where', where, shapes, refuse) : undefined;
  const ordered = typeof order === 'string' ? orderOf(order, shapes, refuse) : undefined;
  return {
    ...(held !== undefined && { where: held }),
    ...(asked !== undefined && { query: asked }),
    ...(ordered !== undefined && { order: ordered }),
  };
}

const queryJson = z.record(z.string(), z.json());

function checkQuery(query: Readonly<Record<string, unknown>>, refuse: Refuse): Selection['query'] {
  const json = queryJson.safeParse(query);
  if (!json.success) {
    refuse('query', 'found what is no JSON, such as a date, expected texts, numbers, lists and mappings');
    return undefined;
  }
  try {
    selectionQuery(json.data);
    return json.data;
  } catch (error) {
    if (!(error instanceof QueryProblem)) throw error;
    refuse('query', error.message);
    return undefined;
  }
}

function orderOf(text: string, shapes: ReadonlyMap<string, ResultShape>, refuse: Refuse): SelectionOrder | undefined {
  if (text === 'newest' || text === 'brightest') return text;
  const [, minus, path] = /^(-?)(\w+(?:\.\w+)+)$/.exec(text) ?? [];
  if (path === undefined) {
    refuse('order', `found "${text}", expected newest, brightest, or a result such as -T2BazinFit.chi2`);
    return undefined;
  }
  // A number can be compared with one.
  const condition = conditionIn('order', `${path} > 0`, shapes, refuse);
  return condition && { by: { holds: path, units: condition.units }, descending: minus === '-' };
}

function conditionIn(
  key: string,
  text: string,
  shapes: ReadonlyMap<string, ResultShape>,
  refuse: Refuse,
): Condition | undefined {
  return conditionOf(text, shapes, [], (message) => {
    refuse(key, message);
  });
}

/** A periodic rule as applied; none where something is wrong, which was reported. */
export function periodicRule(file: PeriodicFile, checked: CheckedPeriodic | undefined): PeriodicRule[] {
  const times = timesOf(file);
  if (checked?.use === undefined || times === undefined) return [];
  const {
    tell = checked.canTellAll ? 'all' : 'each',
    overlap = 'everyMinutes' in times ? 'skip' : 'queue',
    catchUp,
  } = file;
  return [
    {
      ...{ ...checked.use, name: file.name, times, overlap, catchUpMinutes: Math.round(catchUp * 1440) },
      ...{ select: selectionOf(file.select, checked), tell },
      ...ruleSafeguards(file),
    },
  ];
}

function timesOf({ every, at, site }: PeriodicFile): RunTimes | undefined {
  if (every !== undefined) return { everyMinutes: Math.max(1, Math.round(every * 1440)) };
  if (at === undefined) return undefined;
  if (!('twilight' in at)) return at;
  return site === undefined ? undefined : { ...at, site };
}

function selectionOf(select: PeriodicFile['select'], { where, query, order }: CheckedPeriodic): Selection {
  const { accepted, new: newDays, tags, limit } = select;
  return {
    ...(accepted !== undefined && { acceptedDays: accepted }),
    ...(newDays !== undefined && { newDays }),
    ...(where !== undefined && { where }),
    ...(tags !== undefined && {
      tags: { ...(tags.with && { with: tags.with }), ...(tags.without && { without: tags.without }) },
    }),
    ...(query !== undefined && { query }),
    ...(order !== undefined && order !== 'newest' && { order }),
    limit,
  };
}
