import type { DatapointDocument, ReactionDocument, ResultDocument, StateDocument } from '../store/documents.js';
import type { ObjectStory } from '../store/object-story.js';
import { nightOfJd } from '../model/julian-date.js';
import { counted } from './counted.js';
import type { DecisionLine } from './decision-line.js';
import { decisionSentences, minuteOfJd, type MeaningOf } from './decision-sentence.js';
import { lightCurvePlot, PLOT_LEGEND } from './light-curve-plot.js';
import { table, type Cell } from './table.js';
import type { TransientWorkflow } from './transient-workflow.js';

/** Of a file: a result is easier to read wrapped there, too. */
const FILE_COLUMNS = 120;
const COLUMNS = process.stdout.isTTY ? process.stdout.columns : FILE_COLUMNS;

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
    section(counted(datapoints.length, 'datapoint'), ['time (UTC)', 'kind', 'band', 'mag', 'id'], datapoints, pointRow),
    section(counted(states.length, 'state'), ['alert (UTC)', 'state', 'points', 'channels'], states, stateRow),
    section(counted(results.length, 'result'), ['unit', 'version', 'state', 'channels', 'result'], results, resultRow),
    section(
      counted(reactions.length, 'reaction'),
      ['due (UTC)', 'channel', 'rule', 'unit', 'outcome'],
      reactions,
      reactionRow,
    ),
    [counted(decisions.length, 'decision'), ...decisionSentences(decisions, meaningOf)].join('\n'),
  ].join('\n\n');
}

function headText({ stock, alerts }: ObjectStory, workflow: TransientWorkflow | undefined): string {
  const { _id, names, survey, position, firstSeenJd, lastSeenJd, follows, channels } = stock;
  const nights = [...new Set([nightOfJd(firstSeenJd), nightOfJd(lastSeenJd)])].join(' to ');
  const following = Object.keys({ ...follows, ...channels }).sort();
  return [
    `${names.join(', ')} (${survey}, stock ${_id})`,
    `ra ${position.ra.toFixed(5)}, dec ${position.dec.toFixed(5)} deg; ${counted(alerts.length, 'alert')}, ${nights}`,
    `accepted by ${following.join(', ') || 'no channel'}`,
    ...workflowLines(workflow),
  ].join('\n');
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
    facts.push(...failed.map(({ unit, link, error }) => `${unit} failed on state ${link}: ${error}`));
    facts.push(...waiting.map(({ channel, rule, dueJd }) => `waits for ${channel}: ${rule}, ${minuteOfJd(dueJd)}`));
  }
  return [`workflow ${workflowId}: ${facts.join('; ')}`, ...(url === undefined ? [] : [url])];
}

function section<Row>(
  title: string,
  head: readonly string[],
  rows: readonly Row[],
  rowOf: (row: Row) => Cell[],
): string {
  return rows.length === 0 ? title : `${title}\n${table(head, rows.map(rowOf), COLUMNS)}`;
}

function pointRow({ jd, kind, band, body, id }: DatapointDocument): Cell[] {
  const isLimit = kind === 'upperLimit';
  const mag = magText(body[isLimit ? 'diffmaglim' : 'magpsf']);
  const error = isLimit ? '' : magText(body['sigmapsf']);
  const text = mag === '' ? '' : `${isLimit ? '>' : ' '}${mag}${error === '' ? '' : ` ± ${error}`}`;
  return [minuteOfJd(jd), isLimit ? 'upper limit' : kind, band, text, id];
}

function magText(value: unknown): string {
  return typeof value === 'number' ? value.toFixed(2) : '';
}

function stateRow({ jd, link, datapoints, channels }: StateDocument): Cell[] {
  return [minuteOfJd(jd), link, datapoints.length, channels.join(', ')];
}

function resultRow({ unit, version, link, channels, body, error }: ResultDocument): Cell[] {
  return [unit, version, link, channels.join(', '), error === undefined ? JSON.stringify(body) : `failed: ${error}`];
}

function reactionRow({ dueJd, channel, rule, unit, state, answer }: ReactionDocument): Cell[] {
  return [minuteOfJd(dueJd), channel, rule, unit, answer === undefined ? state : `${state}: ${answer.status}`];
}
