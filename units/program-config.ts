import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isNode, isScalar, LineCounter, parseDocument, visit, type Document } from 'yaml';
import { z } from 'zod';
import { nearestName } from '../model/nearest-name.js';
import { SetupProblem } from './setup-problem.js';

/** A folder or package that holds units. */
export interface UnitEntry {
  /** As it stands in the file: `./my-units` or the name of an npm package. */
  readonly entry: string;
  /** For messages: `ampel.config.yaml:2:5`. */
  readonly place: string;
}

/** What the configuration file says; without a file, nothing. */
export interface ProgramConfig {
  /** As the user calls it; undefined where there is none. */
  readonly file?: string;
  /** Where its relative paths and packages are looked for: absolute. */
  readonly folder: string;
  readonly units: readonly UnitEntry[];
}

/** Of the working directory; the environment variable AMPEL_CONFIG names another. */
export const CONFIG_FILE = 'ampel.config.yaml';

const FOLDER = /^(\.{1,2}(\/|$)|\/)/;
const PACKAGE = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;

/** True of `./my-units`, `../units` and `/srv/units`; what is not, is a package. */
export function isFolderEntry(entry: string): boolean {
  return FOLDER.test(entry);
}

const unitEntry = z
  .string({ error: ({ input }) => `found ${shown(input)}, expected a folder such as ./my-units or a package` })
  .refine((entry) => FOLDER.test(entry) || PACKAGE.test(entry), {
    error: ({ input }) =>
      `found ${shown(input)}, expected a folder, which begins with ./, ../ or /, or the name of an npm package`,
  });

const configFile = z.strictObject(
  {
    units: z
      .array(unitEntry, { error: ({ input }) => `found ${shown(input)}, expected a list of folders and packages` })
      .refine((entries) => new Set(entries).size === entries.length, {
        error: ({ input }) => `found ${shown(twice(input))} twice, expected each once`,
      })
      .default([])
      .describe('folders and npm packages with units of your own'),
  },
  {
    error: ({ code, input }) => (code === 'invalid_type' ? `found ${shown(input)}, expected "units: […]"` : undefined),
  },
);

/**
 * Reads `ampel.config.yaml` of the working directory, or the file that AMPEL_CONFIG names. Throws `SetupProblem` with all
 * that is wrong, each with line and column; no file is no fault, unless AMPEL_CONFIG names it.
 */
export async function readProgramConfig(
  env: Readonly<Record<string, string | undefined>> = process.env,
  workingFolder: string = process.cwd(),
): Promise<ProgramConfig> {
  const named = env['AMPEL_CONFIG'] ?? '';
  const file = named === '' ? CONFIG_FILE : named;
  const path = resolve(workingFolder, file);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const code = errorCode(error);
    if (named === '' && code === 'ENOENT') return { folder: workingFolder, units: [] };
    const found = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : String(error);
    throw new SetupProblem(`${file}${named === '' ? '' : ', which AMPEL_CONFIG names,'} cannot be read: ${found}`);
  }
  return { file, folder: dirname(path), units: unitEntries(text, file) };
}

function unitEntries(text: string, file: string): UnitEntry[] {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, schema: 'core' });
  const placeAt = (offset: number): string => {
    const { line, col } = lines.linePos(offset);
    return `${file}:${Math.max(line, 1)}:${Math.max(col, 1)}`;
  };
  const fault = document.errors[0] ?? document.warnings[0];
  if (fault !== undefined) throw new SetupProblem(`${placeAt(fault.pos[0])}: not YAML: ${fault.message}`);
  const parsed = configFile.safeParse(document.toJS() ?? {}, { reportInput: true });
  if (!parsed.success) {
    const told = parsed.error.issues
      .flatMap((issue) => describe(issue))
      .map(({ path, message }) => {
        const name = path.map((step) => (typeof step === 'number' ? `[${step}]` : String(step))).join('');
        return `${placeAt(offsetOf(document, path))}: ${name === '' ? '' : `${name}: `}${message}`;
      });
    throw new SetupProblem(told.join('\n'));
  }
  return parsed.data.units.map((entry, index) => ({ entry, place: placeAt(offsetOf(document, ['units', index])) }));
}

interface Fault {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function describe(issue: z.core.$ZodIssue): Fault[] {
  const { path, message } = issue;
  if (issue.code !== 'unrecognized_keys') return [{ path, message }];
  const known = Object.keys(configFile.shape);
  return issue.keys.map((key) => {
    const meant = nearestName(key, known);
    const advice = meant === undefined ? `known: ${known.join(', ')}` : `did you mean "${meant}"?`;
    return { path: [...path, key], message: `unknown key; ${advice}` };
  });
}

/** Of the value that a path leads to; of an unknown key, the key's own. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number {
  const node: unknown = path.length === 0 ? document.contents : document.getIn(path, true);
  const [step] = path;
  let ofKey = 0;
  visit(document, {
    Pair: (_index, { key }) => {
      if (isScalar(key) && key.value === step) ofKey = key.range?.[0] ?? 0;
    },
  });
  return path.length > 1 && isNode(node) ? (node.range?.[0] ?? ofKey) : ofKey;
}

function twice(entries: unknown): unknown {
  return Array.isArray(entries) ? entries.find((entry, index) => entries.indexOf(entry) < index) : undefined;
}

function shown(value: unknown): string {
  if (value === null) return 'nothing';
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'a mapping';
  return JSON.stringify(value).slice(0, 80);
}

function errorCode(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
}
