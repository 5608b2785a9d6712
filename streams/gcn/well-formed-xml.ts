import { Unreadable } from '../avro/unreadable.js';
import { shown } from './fields.js';

const OPENING = /<([\p{L}_:][\p{L}\p{N}_:.-]*)/uy;
const ATTRIBUTE = /\s+([\p{L}_:][\p{L}\p{N}_:.-]*)\s*=\s*(?:"[^"<]*"|'[^'<]*')/uy;
const TAG_END = /\s*(\/?)>/y;
const CLOSING = /<\/([\p{L}_:][\p{L}\p{N}_:.-]*)\s*>/uy;

/** What stands between marks and is not looked into. */
const SKIPPED: readonly (readonly [start: string, end: string, what: string])[] = [
  ['<!--', '-->', 'comment'],
  ['<![CDATA[', ']]>', 'CDATA section'],
  ['<?', '?>', 'processing instruction'],
];

/**
 * Throws `Unreadable` unless the text is one element, with all tags closed in order, every attribute quoted and once, and no more than
 * `maxDepth` levels. One pass: the parser behind it takes what is half a document, and guesses.
 */
export function refuseMalformedXml(text: string, maxDepth: number): void {
  const open: string[] = [];
  let isRootSeen = false;
  for (let at = 0; at < text.length;) {
    if (text[at] !== '<') {
      const next = text.indexOf('<', at);
      const end = next < 0 ? text.length : next;
      if (open.length === 0 && text.slice(at, end).trim() !== '')
        throw malformed(text, at, 'text outside of the root element');
      at = end;
      continue;
    }
    const skipped = afterSkipped(text, at);
    if (skipped !== undefined) {
      at = skipped;
    } else if (text[at + 1] === '/') {
      const [tag, name] = matchAt(CLOSING, text, at) ?? [];
      if (tag === undefined) throw malformed(text, at, 'a broken closing tag');
      const opened = open.pop();
      if (opened !== name)
        throw malformed(text, at, `</${String(name)}>, expected ${opened === undefined ? 'no tag' : `</${opened}>`}`);
      at += tag.length;
    } else {
      if (open.length === 0 && isRootSeen) throw malformed(text, at, 'a second root element');
      isRootSeen = true;
      at = openTag(text, at, open);
      if (open.length > maxDepth)
        throw new Unreadable('forbidden', `the XML is nested deeper than ${maxDepth} levels at character ${at}`);
    }
  }
  const unclosed = open.at(-1);
  if (unclosed !== undefined) throw malformed(text, text.length, `the end, expected </${unclosed}>`);
}

/** The place after the opening tag at `at`; its name goes onto `open` unless it closes itself. */
function openTag(text: string, at: number, open: string[]): number {
  const [start, name = ''] = matchAt(OPENING, text, at) ?? [];
  if (start === undefined) throw malformed(text, at, 'a < that opens no tag');
  let next = at + start.length;
  const names = new Set<string>();
  for (;;) {
    const [attribute, attributeName = ''] = matchAt(ATTRIBUTE, text, next) ?? [];
    if (attribute === undefined) break;
    if (names.has(attributeName)) throw malformed(text, next, `attribute ${shown(attributeName)} twice`);
    names.add(attributeName);
    next += attribute.length;
  }
  const [end, slash] = matchAt(TAG_END, text, next) ?? [];
  if (end === undefined) throw malformed(text, next, `a broken attribute or end of <${name.slice(0, 60)}>`);
  if (slash === '') open.push(name);
  return next + end.length;
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function afterSkipped(text: string, at: number): number | undefined {
  for (const [start, end, what] of SKIPPED) {
    if (!text.startsWith(start, at)) continue;
    const found = text.indexOf(end, at + start.length);
    if (found < 0) throw malformed(text, at, `a ${what} that does not end`);
    return found + end.length;
  }
  return undefined;
}

function malformed(text: string, at: number, found: string): Unreadable {
  const before = text.slice(0, at).split('\n');
  const place = `line ${before.length}, column ${(before.at(-1) ?? '').length + 1}`;
  return new Unreadable('corrupt', `no well-formed XML: ${found.slice(0, 160)} (${place})`);
}
