import { brightnessOf } from '../../model/brightness.js';
import type { Json } from '../../model/canonical-json.js';
import type { Datapoint } from '../../model/datapoint.js';
import { unixMsOfJd } from '../../model/julian-date.js';
import type { Occasion } from '../../model/occasion.js';
import { sexagesimal } from '../../model/sexagesimal.js';
import { linkOf } from './link.js';
import { literal, seen } from './literal.js';
import { resultText } from './result-text.js';

/** What Slack takes: https://docs.slack.dev/reference/block-kit/blocks. A config stays below 50 blocks by its own limits. */
const HEADER_LETTERS = 150;
const SECTION_LETTERS = 3000;
const FIELDS_OF_SECTION = 10;

/** Enough for a person; a field of a section may have 2000 letters. */
const TITLE_LETTERS = 200;
const VALUE_LETTERS = 400;
const COMMAND_LETTERS = 1000;

export interface Wishes {
  readonly channel: string;
  readonly links: readonly string[];
  readonly fields: readonly string[];
  /** The message whose thread it belongs to. */
  readonly threadTs?: string;
}

/** Arguments of `chat.postMessage` that depend on the occasion. */
export function slackMessage(occasion: Occasion, { channel, links, fields, threadTs }: Wishes): Json {
  const shown = fields.map((path) => field(path, resultText(occasion.results, path)));
  return {
    channel,
    ...(threadTs !== undefined && { thread_ts: threadTs }),
    text: summary(occasion),
    blocks: [
      { type: 'header', text: plain(literal(occasion.objectId, HEADER_LETTERS)) },
      { type: 'section', fields: facts(occasion) },
      ...inGroups(shown, FIELDS_OF_SECTION).map((group) => ({ type: 'section', fields: group })),
      ...linkBlocks(links.map((template) => linkOf(template, occasion))),
      { type: 'context', elements: [plain(literal(explainCommand(occasion), COMMAND_LETTERS))] },
    ],
  };
}

/** For notifications and screen readers, which show no blocks. */
function summary({ channel, rule, objectId, position, state }: Occasion): string {
  const said = `${channel} ${rule}: ${objectId} at ${degreesText(position)}, ${lastDetectionText(state.datapoints).join(', ')}`;
  return literal(said, SECTION_LETTERS);
}

function facts({ channel, rule, position, state: { datapoints } }: Occasion): Json[] {
  return [
    field('Channel', channel),
    field('Rule', rule),
    field('Position', degreesText(position), sexagesimal(position)),
    field('Last detection', ...lastDetectionText(datapoints)),
    field('Light curve', countsText(datapoints)),
  ];
}

function degreesText({ ra, dec }: Occasion['position']): string {
  return `${ra.toFixed(6)} ${dec < 0 ? '' : '+'}${dec.toFixed(6)} deg`;
}

function lastDetectionText(datapoints: readonly Datapoint[]): string[] {
  let last: Datapoint | undefined;
  for (const point of datapoints) {
    if (point.kind === 'detection' && (last === undefined || point.jd > last.jd)) last = point;
  }
  if (last === undefined) return ['no detection'];
  return [`${last.band} ${magnitudeText(last)}`, utcText(last.jd)];
}

function magnitudeText(point: Datapoint): string {
  const brightness = brightnessOf(point);
  if (brightness === undefined) return 'without magnitude';
  const { mag, magErr, isNegative } = brightness;
  const error = magErr === undefined ? '' : ` ± ${magErr.toFixed(2)}`;
  return `${mag.toFixed(2)}${error} mag${isNegative ? ', fainter than the reference' : ''}`;
}

/** Further from now than any survey: such a number is no time. */
const LAST_JD = 5_000_000;

function utcText(jd: number): string {
  if (!(jd > 0 && jd < LAST_JD)) return 'at no known time';
  return `${new Date(unixMsOfJd(jd)).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

const KINDS = [
  { kind: 'detection', one: 'detection', many: 'detections' },
  { kind: 'upperLimit', one: 'upper limit', many: 'upper limits' },
  { kind: 'forced', one: 'forced measurement', many: 'forced measurements' },
] as const;

function countsText(datapoints: readonly Datapoint[]): string {
  const counts = KINDS.map(({ kind, one, many }) => {
    const count = datapoints.filter((point) => point.kind === kind).length;
    return { kind, count, text: `${count} ${count === 1 ? one : many}` };
  });
  return counts
    .filter(({ kind, count }) => kind !== 'forced' || count > 0)
    .map(({ text }) => text)
    .join(', ');
}

function field(title: string, ...lines: readonly string[]): Json {
  const value = lines.map((line) => literal(line, VALUE_LETTERS)).join('\n');
  return markup(`*${literal(title, TITLE_LETTERS)}*\n${value}`);
}

/** Links that have room in a section. */
function linkBlocks(urls: readonly URL[]): Json[] {
  let text = '';
  for (const url of urls) {
    // In Slack's markup it would end the address.
    const address = literal(url.href.replaceAll('|', '%7C'), SECTION_LETTERS);
    const next = `${text === '' ? '' : `${text} · `}<${address}|${literal(url.host, TITLE_LETTERS)}>`;
    if (!address.endsWith('…') && next.length <= SECTION_LETTERS) text = next;
  }
  return text === '' ? [] : [{ type: 'section', text: markup(text) }];
}

/** Slack's markup; `verbatim` keeps it from making mentions and links of what is none. */
function markup(text: string): Json {
  return { type: 'mrkdwn', text, verbatim: true };
}

function plain(text: string): Json {
  return { type: 'plain_text', text, emoji: false };
}

/** To be copied into a shell, whatever letters a name has. */
function explainCommand({ objectId, channel }: Occasion): string {
  return `ampel explain ${quoted(objectId)} --channel ${quoted(channel)}`;
}

function quoted(word: string): string {
  const clean = seen(word);
  return /^\w[\w.+-]*$/.test(clean) ? clean : `'${clean.replaceAll("'", `'\\''`)}'`;
}

function inGroups<Item>(items: readonly Item[], size: number): Item[][] {
  const groups: Item[][] = [];
  for (let start = 0; start < items.length; start += size) groups.push(items.slice(start, start + size));
  return groups;
}
