import {
  RESULT_CODE,
  type DatapointDocument,
  type ReactionDocument,
  type ResultDocument,
  type StateDocument,
} from '../store/documents.js';
import type { ObjectStory } from '../store/object-story.js';
import type { Json } from '../model/canonical-json.js';
import { brightnessOf } from '../model/brightness.js';
import { nightOfJd } from '../model/julian-date.js';
import { counted } from './counted.js';
import type { DecisionLine } from './decision-line.js';
import { decisionSentences, minuteOfJd, type MeaningOf } from './decision-sentence.js';
import { lightCurvePlot, PLOT_LEGEND } from './light-curve-plot.js';
import { table, type Cell } from './table.js';
import type { TransientStatus } from '../workflows/transient-state.js';
import type { TransientWorkflow } from './transient-workflow.js';

/** Of a file: a result is easier to read wrapped there, too. */
const FILE_COLUMNS = 120;
const COLUMNS = process.stdout.isTTY ? process.stdout.columns : FILE_COLUMNS;

const POINT_HEAD = ['time (UTC)', 'from', 'kind', 'band', 'mag', 'id'];

export interface ToldTransient {
  readonly story: ObjectStory;
  readonly decisions: readonly DecisionLine[];
  readonly workflow: TransientWorkflow | undefined;
}

/** Everything of an object for a person: light curve first, then section by section. */
export function transientText({ story, decisions, workflow }: ToldTransient, meaningOf: MeaningOf): string {
  const { datapoints, states, results, reactions } = story;
  const plot = lightCurvePlot(datapoints);
  return [
    headText(story, workflow),
    ...(plot.length === 0 ? [] : [[...plot, PLOT_LEGEND].join('\n')]),
    section(counted(datapoints.length, 'datapoint'), POINT_HEAD, datapoints, pointRow),
    section(counted(states.length, 'state'), ['alert (UTC)', 'state', 'channels', 'points'], states, stateRow),
    section(counted(results.length, 'result'), ['unit', 'version', 'of', 'channels', 'result'], results, resultRow),
    section(
      counted(reactions.length, 'reaction'),
      ['due (UTC)', 'channel', 'rule', 'unit', 'outcome'],
      reactions,
      reactionRow,
    ),
    [counted(decisions.length, 'decision'), ...decisionSentences(decisions, meaningOf)].join('\n'),
  ].join('\n\n');
}

function headText({ stock, alerts, states }: ObjectStory, workflow: TransientWorkflow | undefined): string {
  const { _id, names, survey, position, firstSeenJd, lastSeenJd, follows, channels } = stock;
  const nights = [...new Set([nightOfJd(firstSeenJd), nightOfJd(lastSeenJd)])].join(' to ');
  const following = Object.keys({ ...follows, ...channels }).sort();
  return [
    `${names.join(', ')} (${survey}, stock ${_id})`,
    `ra ${position.ra.toFixed(5)}, dec ${position.dec.toFixed(5)} deg; ${counted(alerts.length, 'alert')}, ${nights}`,
    `accepted by ${following.join(', ') || 'no channel'}`,
    ...matchedLines(states),
    ...workflowLines(workflow),
  ].join('\n');
}

/** `the same object as 169298436 of lsst, 0.34 arcsec away` */
function matchedLines(states: readonly StateDocument[]): string[] {
  const objects = new Map(states.flatMap(({ matched = [] }) => matched.map((one) => [one.stock, one])));
  return Array.from(objects.values(), ({ objectId, survey, separationArcsec }) => {
    return `taken for the same object: ${objectId} of ${survey}, ${separationArcsec.toFixed(2)} arcsec away`;
  });
}

function workflowLines(workflow: TransientWorkflow | undefined): string[] {
  if (workflow === undefined) return [];
  const { workflowId, state, status, url } = workflow;
  const facts = [state.toLowerCase()];
  if (status !== undefined) {
    const { alerts, queued, problem, running, failed, reacting, waiting } = status;
    facts.push(`${counted(alerts, 'alert')} decided`);
    if (queued > 0) facts.push(`${counted(queued, 'alert')} to decide on`);
    if (problem !== undefined) facts.push(`decisions fail (${problem.error})`);
    facts.push(...running.map((unit) => `runs ${unit}`), ...reacting.map((rule) => `reacts: ${rule}`));
    facts.push(...failedFacts(failed));
    facts.push(...waiting.map(({ channel, rule, dueJd }) => `waits for ${channel}: ${rule}, ${minuteOfJd(dueJd)}`));
  }
  return [`workflow ${workflowId}: ${facts.join('; ')}`, ...(url === undefined ? [] : [url])];
}

/** A unit that fails on one state often fails on all. */
function failedFacts(failed: TransientStatus['failed']): string[] {
  const units = [...new Set(failed.map(({ unit }) => unit))];
  return units.flatMap((unit) => {
    const failures = failed.filter((one) => one.unit === unit);
    const last = failures.at(-1);
    if (last === undefined) return [];
    const times = failures.length === 1 ? '' : ` ${failures.length} times, last`;
    return [`${unit} failed${times} on ${last.error.replace(`${unit} on `, '')}`];
  });
}

function section<Row>(
  title: string,
  head: readonly string[],
  rows: readonly Row[],
  rowOf: (row: Row) => Cell[],
): string {
  return rows.length === 0 ? title : `${title}\n${table(head, rows.map(rowOf), COLUMNS)}`;
}

function pointRow(point: DatapointDocument): Cell[] {
  const { jd, kind, band, id, survey, programme } = point;
  const origin = programme === undefined ? survey : `${survey} ${programme}`;
  return [minuteOfJd(jd), origin, kind === 'upperLimit' ? 'upper limit' : kind, band, magText(point), id];
}

function magText(point: DatapointDocument): string {
  const brightness = brightnessOf(point);
  if (brightness === undefined) return '';
  const { mag, magErr, isLimit } = brightness;
  return `${isLimit ? '>' : ' '}${mag.toFixed(2)}${magErr === undefined ? '' : ` ± ${magErr.toFixed(2)}`}`;
}

/** `12, 3 of them of lsst 169298436` */
function stateRow({ jd, link, datapoints, matched = [], channels }: StateDocument): Cell[] {
  const others = matched.map((one) => `, ${one.datapoints.length} of them of ${one.survey} ${one.objectId}`);
  return [minuteOfJd(jd), link, channels.join(', '), `${datapoints.length}${others.join('')}`];
}

function resultRow({ unit, version, kind, link, channels, code, body, error, asked }: ResultDocument): Cell[] {
  const given =
    error === undefined
      ? bodyText(body)
      : `${code === RESULT_CODE.missingInfo ? 'none' : 'failed'} (${code}): ${error}`;
  const recomputed = asked === undefined ? '' : ` (computed anew for ${asked.by}: ${asked.why})`;
  const subject = kind === 'stock' ? 'the object' : `${kind ?? 'state'} ${link}`;
  return [unit, version, subject, channels.join(', '), `${given}${recomputed}`];
}

/** Enough for a Julian date to the second. */
const DIGITS = 12;

/** A result as a person reads it: JSON with blanks, so that it can be wrapped, and without digits that mean nothing. */
function bodyText(body: Json): string {
  if (Array.isArray(body)) return `[${body.map((one: Json) => bodyText(one)).join(', ')}]`;
  if (typeof body === 'number') return String(Number(body.toPrecision(DIGITS)));
  if (typeof body !== 'object' || body === null) return JSON.stringify(body);
  const entries = Object.entries(body).map(([key, value]) => `${key}: ${bodyText(value ?? null)}`);
  return `{ ${entries.join(', ')} }`;
}

function reactionRow({ dueJd, channel, rule, unit, state, answer }: ReactionDocument): Cell[] {
  return [minuteOfJd(dueJd), channel, rule, unit, answer === undefined ? state : `${state}: ${answer.status}`];
}
