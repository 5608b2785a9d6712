import { z } from 'zod';
import { nearestName } from '../model/nearest-name.js';
import { ORIGIN, THIS_COPY, type T2Kind } from './define.js';

const INPUTS: readonly T2Kind[] = ['datapoint', 'stock', 'state', 'lightCurve'];
const RELATIONS = ['same', 'datapoint', 'stock', 'states'];
const COSTS = ['light', 'heavy', 'remote'];

const text = is((value) => typeof value === 'string' && value !== '', 'a text');
const fn = is((value) => typeof value === 'function', 'a function');
const texts = z.array(text, { error: wrong('a list of texts') });
const schema = is((value) => zodFault(value) === undefined, 'a schema of z', zodFault);
const config = is((value) => configFault(value) === undefined, 'z.strictObject({…})', configFault);

const facts = {
  tier: z.string(),
  name: is((value) => /^[A-Z][A-Za-z0-9]*$/.test(String(value)), 'capitals at the start of words, such as MyUnit'),
  version: is((value) => /^\d+\.\d+\.\d+$/.test(String(value)), 'three numbers, such as "1.0.0"'),
  summary: text,
  config,
};

const fieldLists = z.strictObject(
  { candidate: texts, history: texts },
  { error: wrong('{ candidate: […], history: […] }') },
);

/** What a unit of each tier is made of: for JavaScript, which no compiler looks at. */
const shapes: Readonly<Record<string, z.ZodObject>> = {
  t0: z.strictObject({
    ...facts,
    surveys: texts.optional(),
    reasons: z.record(z.string(), text, { error: wrong('what each reason of a rejection means') }),
    reads: z.union([fn, fieldLists], { error: wrong('{ candidate: […], history: […] }') }),
    ...{ files: fn, bind: fn, run: fn.optional() },
  }),
  t2: z.strictObject({
    ...facts,
    input: oneOf(INPUTS),
    surveys: texts.optional(),
    cost: oneOf(COSTS),
    needs: z
      .array(z.strictObject({ unit: text, of: oneOf(RELATIONS) }, { error: wrong('{ unit, of }') }), {
        error: wrong('a list of { unit, of }'),
      })
      .optional(),
    execution: z
      .strictObject({
        group: text.optional(),
        timeoutMs: z.number().positive().optional(),
        attempts: z.int().positive().optional(),
        perSecond: z.number().positive().optional(),
      })
      .optional(),
    result: schema,
    run: fn,
  }),
  t3: z.strictObject({
    ...facts,
    ...{ compose: fn, send: fn, knowsKeys: z.boolean().optional(), find: fn.optional(), follow: fn.optional() },
  }),
};

/** What is wrong with a unit of another package, as a sentence without its subject; undefined where nothing is. */
export function unitFault(unit: object & { readonly tier: string }): string | undefined {
  const origin: unknown = Reflect.get(unit, ORIGIN);
  if (typeof origin !== 'object' || origin === null || !('module' in origin)) {
    return 'was not made by defineFilter, defineT2, defineTiedT2, defineRemoteT2 or defineT3 of ampel-temporal/units';
  }
  if (origin.module !== THIS_COPY.module) {
    return (
      `was made by another copy of ampel-temporal (${String(origin.module)}), whose errors mean nothing to this one ` +
      `(${THIS_COPY.module}): install one for both`
    );
  }
  const shape = shapes[unit.tier];
  const parsed = shape?.safeParse(unit, { reportInput: true });
  const [issue] = parsed?.error?.issues ?? [];
  if (shape === undefined || issue === undefined) return undefined;
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const known = issue.path.length === 0 ? Object.keys(shape.shape) : ['group', 'timeoutMs', 'attempts', 'perSecond'];
    const meant = nearestName(key, known);
    return `has an unknown part "${[...issue.path, key].join('.')}"${meant === undefined ? '' : `; did you mean "${meant}"?`}`;
  }
  return `does not fit at "${issue.path.join('.')}": ${issue.message}`;
}

/** zod marks its schemas with its version; a schema of another one fails later, and nobody would know why. */
function zodFault(value: unknown): string | undefined {
  const found = versionOf(value);
  const own = versionOf(z.string());
  if (found === undefined) return 'found no schema of zod 4, expected one made with the z of ampel-temporal/units';
  if (found === own) return undefined;
  return `found a schema of zod ${found}, expected one of zod ${own ?? ''}: import z from ampel-temporal/units`;
}

function configFault(value: unknown): string | undefined {
  const fault = zodFault(value);
  if (fault !== undefined) return fault;
  const isStrict = value instanceof z.ZodObject && value.def.catchall instanceof z.ZodNever;
  return isStrict ? undefined : 'expected z.strictObject({…}), so that a misspelt key is an error';
}

/** `4.6`: within it, schemas of one copy are good for another. */
function versionOf(value: unknown): string | undefined {
  const internals: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, '_zod') : undefined;
  const marked = z.object({ version: z.object({ major: z.number(), minor: z.number() }) }).safeParse(internals);
  return marked.success ? `${marked.data.version.major}.${marked.data.version.minor}` : undefined;
}

function is(
  holds: (value: unknown) => boolean,
  expected: string,
  fault: (value: unknown) => string | undefined = () => undefined,
): z.ZodCustom {
  const error = ({ input }: { readonly input?: unknown }): string => fault(input) ?? wrong(expected)({ input });
  return z.custom(holds, { error });
}

function oneOf(names: readonly string[]): z.ZodCustom {
  const quoted = names.map((name) => JSON.stringify(name)).join(', ');
  return is(
    (value) => typeof value === 'string' && names.includes(value),
    `one of ${quoted}`,
    (value) => {
      const meant = typeof value === 'string' ? nearestName(value, names) : undefined;
      return meant === undefined
        ? undefined
        : `${wrong(`one of ${quoted}`)({ input: value })}; did you mean "${meant}"?`;
    },
  );
}

function wrong(expected: string): (issue: { readonly input?: unknown }) => string {
  return ({ input }) => {
    if (input === undefined) return `missing, expected ${expected}`;
    const found = typeof input === 'string' || typeof input === 'number' ? JSON.stringify(input) : `a ${typeof input}`;
    return `found ${found}, expected ${expected}`;
  };
}
