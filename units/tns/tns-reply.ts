import { z } from 'zod';

/** What has come of a report. */
export type ReportOutcome =
  | { readonly kind: 'named'; readonly name: string; readonly isNew: boolean }
  /** TNS has this very report from before. */
  | { readonly kind: 'identical' }
  | { readonly kind: 'rejected'; readonly faults: string }
  | { readonly kind: 'waiting' };

const found = z.object({ objname: z.string().min(1), prefix: z.string().nullish() });
const hits = z.array(found);
const search = z.union([hits, z.object({ reply: hits })]);

/** Names of the objects that a search has found; undefined where that is not what was said. */
export function namesFound(data: unknown): readonly string[] | undefined {
  const parsed = search.safeParse(data);
  if (!parsed.success) return undefined;
  return (Array.isArray(parsed.data) ? parsed.data : parsed.data.reply).map(nameOf);
}

function nameOf({ objname, prefix }: z.output<typeof found>): string {
  return `${prefix ?? 'AT'} ${objname}`;
}

const id = z.union([z.number(), z.string().min(1)]).transform(String);
const accepted = z.object({ report_id: id });

export function reportIdOf(data: unknown): string | undefined {
  return accepted.safeParse(data).data?.report_id;
}

const feedback = z.object({ feedback: z.object({ at_report: z.array(z.record(z.string(), z.unknown())).min(1) }) });

/** Undefined where the reply is none that TNS is known to give. */
export function outcomeOf(data: unknown): ReportOutcome | undefined {
  const [report] = feedback.safeParse(data).data?.feedback.at_report ?? [];
  if (report === undefined) return undefined;
  const inserted = found.safeParse(report['100']);
  if (inserted.success) return { kind: 'named', name: nameOf(inserted.data), isNew: true };
  const existing = found.safeParse(report['101']);
  if (existing.success) return { kind: 'named', name: nameOf(existing.data), isNew: false };
  if (Object.keys(report).every((key) => key === 'at_rep')) return { kind: 'waiting' };
  const faults = [...faultsIn(report, [])];
  if (faults.length === 0) return undefined;
  if (faults.every(({ code, message }) => code === IDENTICAL && /identical/i.test(message)))
    return { kind: 'identical' };
  const told = faults.map(({ field, code, message }) => `${field === '' ? 'report' : field}: ${message} (${code})`);
  return { kind: 'rejected', faults: told.slice(0, MAX_FAULTS).join('; ') };
}

const MAX_FAULTS = 5;
/** TNS: an identical report of this sender, position, discovery date and internal name exists. */
const IDENTICAL = '5';

interface Fault {
  readonly field: string;
  readonly code: string;
  readonly message: string;
}

/** Faults stand below the field they are of: `{ra: {value: {"3": {message}}}}`, also as lists. */
function* faultsIn(value: unknown, path: readonly string[]): Generator<Fault> {
  if (typeof value !== 'object' || value === null) return;
  const message: unknown = Reflect.get(value, 'message');
  if (typeof message === 'string') {
    const code: unknown = Reflect.get(value, 'message_id');
    const isCode = typeof code === 'number' || typeof code === 'string';
    const field = path.filter((step) => !/^\d+$/.test(step)).join('.');
    yield { field, code: isCode ? String(code) : (path.at(-1) ?? ''), message };
    return;
  }
  for (const [key, part] of Object.entries(value)) yield* faultsIn(part, [...path, key]);
}
