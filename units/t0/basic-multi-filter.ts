import { z } from 'zod';
import type { AlertContent } from '../../model/alert.js';
import type { Fields, FieldValue } from '../../model/datapoint.js';
import { isDetection } from '../../model/decent-cuts.js';
import type { Rejection, Verdict } from '../../model/decision.js';
import { definePreparedFilter } from '../define.js';

const comparison = z.enum(['>', '<', '>=', '<=', '==', '!=']);
type Comparison = z.output<typeof comparison>;

const criterion = z.strictObject({
  attribute: z.string().min(1).describe('field of a detection, by the name that the survey gives it'),
  operator: comparison.describe('how the field compares to the value'),
  value: z.number().describe("what the field is compared to, in the field's unit"),
});

const condition = z.strictObject({
  criteria: z
    .union([criterion, z.array(criterion)])
    .describe('what a detection has to fulfil to be counted: all of these'),
  len: z.int().min(0).describe('what the number of such detections is compared to'),
  operator: comparison.describe('how the number compares to len'),
  logicalConnection: z
    .enum(['AND', 'OR'])
    .default('AND')
    .describe('joins the condition to the ones before it, from left to right; of the first it says nothing'),
});

const config = z.strictObject({
  filters: z.array(condition).min(1).describe('conditions on the number of detections, joined from left to right'),
});

/** 64-bit ids come as decimal strings and are compared as numbers. */
const ID_FIELDS = ['candid', 'objectidps1', 'objectidps2', 'objectidps3'];

/**
 * AMPEL's filter by counts (ampel/alert/filter/BasicMultiFilter.py). Counted are the detections of the packet, negative
 * subtractions and repeated entries among them, upper limits not. A field that an entry lacks fulfils nothing. Of AMPEL's
 * operators `AND` and `OR` are missing, with which every alert fails there.
 */
export const basicMultiFilter = definePreparedFilter({
  name: 'BasicMultiFilter',
  version: '1.0.0',
  surveys: ['ztf'],
  summary: 'Conditions on how many detections of the packet fulfil criteria on their fields.',
  config,
  reads: ({ filters }) => {
    const fields = filters.flatMap(({ criteria }) => [criteria].flat().map(({ attribute }) => attribute));
    const read = [...new Set(['candid', ...fields])];
    return { candidate: read, history: read };
  },
  reasons: {
    criteria: 'the numbers of detections that fulfil the criteria, one a condition, are not those asked for',
    isNone: 'a field is null and its order is asked for',
    notNumber: 'a field is text and its order is asked for',
  },
  bind({ filters }) {
    const conditions = filters.map(readyCondition);
    const counts = new Array<number>(conditions.length).fill(0);
    return (alert) => decide(alert, conditions, counts);
  },
});

interface ReadyCriterion {
  readonly attribute: string;
  readonly isId: boolean;
  readonly isOrder: boolean;
  readonly value: number;
  readonly holds: (found: FieldValue, value: number) => boolean;
}

interface ReadyCondition {
  readonly criteria: readonly ReadyCriterion[];
  readonly len: number;
  readonly isAlternative: boolean;
  readonly holds: (count: number, len: number) => boolean;
}

function readyCondition({ criteria, len, operator, logicalConnection }: z.output<typeof condition>): ReadyCondition {
  const ready = [criteria].flat().map(({ attribute, operator: compare, value }) => ({
    ...{ attribute, value, isId: ID_FIELDS.includes(attribute), isOrder: compare !== '==' && compare !== '!=' },
    holds: COMPARISONS[compare],
  }));
  return { criteria: ready, len, isAlternative: logicalConnection === 'OR', holds: COMPARISONS[operator] };
}

const COMPARISONS: Readonly<Record<Comparison, (found: FieldValue, value: number) => boolean>> = {
  '>': (found, value) => Number(found) > value,
  '<': (found, value) => Number(found) < value,
  '>=': (found, value) => Number(found) >= value,
  '<=': (found, value) => Number(found) <= value,
  '==': (found, value) => found === value,
  '!=': (found, value) => found !== value,
};

/** `counts` is room for the result, used again for each alert. */
function decide(alert: AlertContent, conditions: readonly ReadyCondition[], counts: number[]): Verdict {
  let isAccepted = false;
  let index = 0;
  for (const condition of conditions) {
    const count = countOf(alert, condition.criteria);
    if (typeof count !== 'number') return count;
    const holds = condition.holds(count, condition.len);
    if (index === 0) isAccepted = holds;
    else isAccepted = condition.isAlternative ? isAccepted || holds : isAccepted && holds;
    counts[index++] = count;
  }
  return isAccepted ? { accepted: true } : { accepted: false, reason: 'criteria', value: counts.join(', ') };
}

function countOf({ candidate, history }: AlertContent, criteria: readonly ReadyCriterion[]): number | Rejection {
  const fulfils = isFulfilled(candidate, criteria);
  if (typeof fulfils !== 'boolean') return fulfils;
  let count = fulfils ? 1 : 0;
  for (const point of history) {
    if (!isDetection(point)) continue;
    const counts = isFulfilled(point, criteria);
    if (typeof counts !== 'boolean') return counts;
    if (counts) count++;
  }
  return count;
}

/** AMPEL raises an error where the order of null or text is asked for. */
function isFulfilled(point: Fields, criteria: readonly ReadyCriterion[]): boolean | Rejection {
  for (const { attribute, isId, isOrder, value, holds } of criteria) {
    const field = point[attribute];
    if (field === undefined) return false;
    const found = (isId && typeof field === 'string') || typeof field === 'boolean' ? Number(field) : field;
    if (isOrder && found === null) return { accepted: false, reason: 'isNone', field: attribute };
    if (isOrder && typeof found === 'string') return { accepted: false, reason: 'notNumber', field: attribute };
    if (!holds(found, value)) return false;
  }
  return true;
}
