import { Ajv2020, type ErrorObject, type ValidateFunction } from 'ajv/dist/2020.js';
import ajvFormats from 'ajv-formats';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, sep } from 'node:path';
import { Unreadable } from '../avro/unreadable.js';
import { isObject, shown, type JsonObject } from './fields.js';

/** What GCN's schemas say about a JSON message. */
export interface SchemaMatch {
  /** Path without ending: `gcn/notices/fermi/gbm/trigger`. */
  readonly path: string;
  readonly warnings: readonly string[];
}

const SCHEMA_ADDRESS = /^https?:\/\/gcn\.nasa\.gov\/schema\/([A-Za-z0-9._-]+)\/(gcn\/[A-Za-z0-9._/-]+)\.schema\.json$/;
const SCHEMA_FILE = '.schema.json';

/**
 * Checks a message against the schema it names, whatever release it names. Throws `Unreadable` where the schema is unknown or
 * does not fit: path, found value, expectation. Fields that the installed release does not know are a warning
 * where the message names another release.
 */
export function matchNamedSchema(message: JsonObject, address: string): SchemaMatch {
  const [, release = '', path = ''] = SCHEMA_ADDRESS.exec(address) ?? [];
  if (path === '') {
    throw new Unreadable(
      'schema',
      `$schema is ${shown(address)}, expected https://gcn.nasa.gov/schema/<release>/gcn/….schema.json`,
    );
  }
  const official = officialSchemas();
  const validate = official.validator(path);
  if (validate === undefined) {
    throw new Unreadable(
      'schema',
      `schema ${path} is none of the ${official.paths.length} of release ${official.release}`,
    );
  }
  if (validate(message)) return { path, warnings: [] };
  const problem = problemOf(validate.errors ?? []);
  const isOtherRelease = /^v\d/.test(release) && release !== official.release;
  if (isOtherRelease && problem.isUnknownField)
    return { path, warnings: [`${problem.text} (${path} ${official.release})`] };
  throw new Unreadable('schema', `${problem.text} (${path})`);
}

/** Which of these schemas a message fits. */
export function matchingSchemas(message: JsonObject, isCandidate: (path: string) => boolean): string[] {
  const { paths, validator } = officialSchemas();
  return paths.filter((path) => isCandidate(path) && validator(path)?.(message) === true);
}

interface OfficialSchemas {
  /** `v7.2.3` */
  readonly release: string;
  readonly paths: readonly string[];
  readonly validator: (path: string) => ValidateFunction | undefined;
}

let loaded: OfficialSchemas | undefined;

/** The schemas of the installed package; each is compiled when it is first asked for. References stay inside the package. */
function officialSchemas(): OfficialSchemas {
  if (loaded !== undefined) return loaded;
  const root = dirname(createRequire(import.meta.url).resolve('@nasa-gcn/schema/package.json'));
  const ajv = new Ajv2020({ allErrors: true, verbose: true, strict: false, logger: false, addUsedSchema: false });
  ajvFormats.default(ajv);
  const addresses = new Map<string, string>();
  for (const file of readdirSync(join(root, 'gcn'), { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith(SCHEMA_FILE)) continue;
    const schema: unknown = JSON.parse(readFileSync(join(root, 'gcn', file), 'utf8'));
    if (!isObject(schema) || typeof schema['$id'] !== 'string') continue;
    ajv.addSchema(schema);
    addresses.set(`gcn/${file.slice(0, -SCHEMA_FILE.length).split(sep).join('/')}`, schema['$id']);
  }
  const release = SCHEMA_ADDRESS.exec([...addresses.values()][0] ?? '')?.[1] ?? 'unknown';
  const validator = (path: string): ValidateFunction | undefined => {
    const address = addresses.get(path);
    return address === undefined ? undefined : ajv.getSchema(address);
  };
  return (loaded = { release, paths: [...addresses.keys()].sort(), validator });
}

/** Keywords whose own message only says that another failed. */
const COMBINING = ['allOf', 'anyOf', 'oneOf', 'if', '$ref'];
const UNKNOWN_FIELD = ['unevaluatedProperties', 'additionalProperties'];

function problemOf(errors: readonly ErrorObject[]): { readonly text: string; readonly isUnknownField: boolean } {
  // Where a part fails, its fields count as unevaluated: what failed comes first.
  const telling = errors.filter(({ keyword }) => !COMBINING.includes(keyword));
  const broken = telling.filter(({ keyword }) => !UNKNOWN_FIELD.includes(keyword));
  const [first] = broken.length > 0 ? broken : telling;
  if (first === undefined) return { text: 'the message does not fit', isUnknownField: false };
  const same = telling.filter(({ instancePath }) => instancePath === first.instancePath);
  const expected = [...new Set(same.map(expectationOf))].slice(0, 5).join(' or ');
  const place = first.instancePath === '' ? 'the message' : first.instancePath.slice(1, 121);
  return { text: `${place} is ${shown(first.data)}, expected ${expected}`, isUnknownField: broken.length === 0 };
}

function expectationOf({ keyword, params, message = '' }: ErrorObject): string {
  const values: Readonly<Record<string, unknown>> = params;
  if (keyword === 'type') return `type ${String(values['type'])}`;
  if (keyword === 'enum') return `one of ${shown(values['allowedValues'])}`;
  if (keyword === 'required') return `a field ${shown(values['missingProperty'])}`;
  if (UNKNOWN_FIELD.includes(keyword)) {
    return `no field ${shown(values['unevaluatedProperty'] ?? values['additionalProperty'])}`;
  }
  return message.replace(/^must /, '').slice(0, 120);
}
