import { type Document, Lexer, LineCounter, parseDocument, Parser, visit, type YAMLError } from 'yaml';
import { inspectYaml, MAX_ALIASES } from './inspect-yaml.js';
import { offsetIn, type YamlPath } from './yaml-path.js';

/** Where a fault is, for people: lines and columns count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** A fault of the text itself, whatever it is meant to say. */
export interface YamlFault extends Place {
  readonly path: YamlPath;
  readonly message: string;
}

/** What a text says, as plain values, and where; `content` is absent where that cannot be told. */
export interface YamlReading {
  readonly faults: readonly YamlFault[];
  readonly content?: {
    readonly value: unknown;
    /** The place of a value, or of the nearest parent that is there; of a key with `key`. */
    placeOf(path: YamlPath, of: 'key' | 'value'): Place;
  };
}

/** A channel has some hundred lines. */
export const MAX_YAML_BYTES = 1_000_000;

/** The library calls itself for each level; deep enough, that ends the process, not just the call. */
const MAX_NESTING = 60;

const START: Place = { line: 1, column: 1 };

/** Reads one YAML 1.2 document and collects its faults. Never throws, whatever the text. */
export function readYaml(text: string): YamlReading {
  const refusal = refuse(text);
  if (refusal !== undefined) return { faults: [refusal] };

  const lines = lineStartsOf(text);
  const placeAt = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const document = parseDocument(text, {
    prettyErrors: false,
    schema: 'core',
    merge: false,
    resolveKnownTags: false,
    // `inspectYaml` does it, says where the first one stands, and need not compare each key with each other.
    uniqueKeys: false,
  });
  const broken = [...document.errors, ...document.warnings];
  if (broken.length > 0) {
    return {
      faults: broken.map((error) => ({ ...placeAt(startOf(error, document)), path: [], message: messageOf(error) })),
    };
  }

  const { faults, readable } = inspectYaml(document, (offset) => placeAt(offset).line);
  const placed = faults.map(({ offset, path, message }) => ({ ...placeAt(offset), path, message }));
  if (!readable) return { faults: placed };
  try {
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES });
    return { faults: placed, content: { value, placeOf: (path, of) => placeAt(offsetIn(document, path, of)) } };
  } catch {
    const message = `the aliases stand for more than ${MAX_ALIASES} times what they are: write out what they stand for`;
    return { faults: [...placed, { ...START, path: [], message }] };
  }
}

/** The parser's own count misses lines after some faults. */
function lineStartsOf(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (const { index } of text.matchAll(/\n/g)) lines.addNewLine(index + 1);
  return lines;
}

/** What the parser must not be given. */
function refuse(text: string): YamlFault | undefined {
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_YAML_BYTES) return { ...START, path: [], message: tooLarge(bytes) };
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    // Its documents are of no use here, only how deep it is when it makes them.
    Array.from(parser.next(lexeme));
    if (parser.stack.length > MAX_NESTING) {
      const before = text.slice(0, parser.offset).split('\n');
      const message = `nested more than ${MAX_NESTING} levels deep: a channel needs less than ten`;
      return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1, path: [], message };
    }
  }
  return undefined;
}

/** Also for who sees the size before reading the file. */
export function tooLarge(bytes: number): string {
  return `the file has ${bytes} bytes, expected at most ${MAX_YAML_BYTES}: is this a channel?`;
}

const OPEN_QUOTE = /^Missing closing ["']/;

/** An open quote runs on to the end of the file: shown is where it opens. */
function startOf({ message, pos }: YAMLError, document: Document): number {
  let start = pos[0];
  if (OPEN_QUOTE.test(message)) {
    visit(document, {
      Scalar: (_key, { range }) => {
        if (range && range[0] < pos[0] && range[1] >= pos[0]) start = range[0];
      },
    });
  }
  return start;
}

function messageOf({ code, message }: YAMLError): string {
  switch (code) {
    case 'MULTIPLE_DOCS':
      return 'a second document starts here, expected one channel a file: move it to a file of its own';
    case 'TAG_RESOLVE_FAILED':
      return `${message}: expected plain text, numbers, true, false, lists and mappings`;
    case 'TAB_AS_INDENT':
      return 'found a tab, expected spaces: YAML has no tabs at the start of a line';
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'found a second ": " on the line: put text that contains it in quotes, and each key on a line of its own';
    default:
      if (OPEN_QUOTE.test(message)) return 'found an open quote, expected it to be closed';
      return `not YAML: ${message}`;
  }
}
