import type { Json } from '../../model/canonical-json.js';
import type { Occasion } from '../../model/occasion.js';
import { linkOf } from '../message/link.js';
import { explainCommand, occasionFacts, occasionLine } from '../message/occasion-facts.js';
import { resultText } from '../message/result-text.js';
import { literal } from './literal.js';

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
      { type: 'section', fields: occasionFacts(occasion).map(({ title, lines }) => field(title, ...lines)) },
      ...inGroups(shown, FIELDS_OF_SECTION).map((group) => ({ type: 'section', fields: group })),
      ...linkBlocks(links.map((template) => linkOf(template, occasion))),
      { type: 'context', elements: [plain(literal(explainCommand(occasion), COMMAND_LETTERS))] },
    ],
  };
}

/** For notifications and screen readers, which show no blocks. */
function summary(occasion: Occasion): string {
  return literal(occasionLine(occasion), SECTION_LETTERS);
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

function inGroups<Item>(items: readonly Item[], size: number): Item[][] {
  const groups: Item[][] = [];
  for (let start = 0; start < items.length; start += size) groups.push(items.slice(start, start + size));
  return groups;
}
