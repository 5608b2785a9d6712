import type { FilterInput } from '../model/alert.js';
import type { FilterUse } from '../model/channel.js';
import { isUndecided, type Rejection, type Verdict } from '../model/decision.js';
import { readsOf, type FileContents, type FilterReads } from '../units/define.js';
import type { Registry } from '../units/registry.js';

/** T0 of a channel for the alerts of one survey, bound to its configs. */
export interface ReadyFilter {
  /** With the versions of the units of this build. */
  readonly use: FilterUse;
  readonly reads: readonly FilterReads[];
  /** Without input the channel may not see the alert. */
  judge(input: FilterInput | undefined): Verdict;
}

/** The alert's data are not the channel's to see. */
const NO_RIGHT: Verdict = { accepted: false, reason: 'access', field: 'programid' };

/** Of a filter's error, in receipts and journal. */
const MAX_ERROR_LETTERS = 200;

/**
 * Binds the filters of a channel. A unit or config that this build does not know rejects with reason `error`: the channel
 * accepts nothing then, and other channels go on. `files` by sha256.
 */
export function readyFilter(use: FilterUse, survey: string, registry: Registry, files: FileContents): ReadyFilter {
  const bound = bind(use, survey, registry, files);
  return { ...bound, judge: (input) => (input === undefined ? NO_RIGHT : bound.judge(input)) };
}

interface BoundFilter {
  readonly use: FilterUse;
  readonly reads: readonly FilterReads[];
  readonly judge: (input: FilterInput) => Verdict;
}

function bind(use: FilterUse, survey: string, registry: Registry, files: FileContents): BoundFilter {
  if (use.combine === undefined || use.filters === undefined) return bindSingle(use, survey, registry, files);
  const inner = use.filters.map((one) => bind(one, survey, registry, files));
  const judge = JUDGES[use.combine](inner);
  const filters = inner.map((one) => one.use);
  const version = filters.map((one) => one.version).join(', ');
  return {
    use: { ...use, version, filters },
    reads: inner.flatMap(({ reads }) => reads),
    judge: (input) => inGroup(judge(input), use.group),
  };
}

function bindSingle(use: FilterUse, survey: string, registry: Registry, files: FileContents): BoundFilter {
  try {
    const unit = registry.filter(use.unit);
    const config = unit.config.parse(use.config);
    const named = new Map(Object.entries(use.files ?? {}).map(([name, hash]) => [name, fileOf(files, name, hash)]));
    const run = unit.bind(config, { survey, files: named });
    return {
      use: { ...use, version: unit.version },
      reads: [readsOf(unit, config, survey)],
      judge: (input) => inGroup(verdictOf(run, input), use.group),
    };
  } catch (error) {
    const rejection = failed(error);
    return { use, reads: [], judge: () => rejection };
  }
}

function fileOf(files: FileContents, name: string, hash: string): Uint8Array {
  const bytes = files.get(hash);
  if (bytes === undefined) throw new Error(`${name} (${hash.slice(0, 12)}) is not in the store`);
  return bytes;
}

/** A filter that fails on an alert has not accepted it, as in AMPEL; the others and the next alerts go on. */
function verdictOf(run: (input: FilterInput) => Verdict, input: FilterInput): Verdict {
  try {
    return run(input);
  } catch (error) {
    return failed(error);
  }
}

function failed(error: unknown): Rejection {
  const message = error instanceof Error ? error.message : String(error);
  return { accepted: false, reason: 'error', value: message.slice(0, MAX_ERROR_LETTERS) };
}

function inGroup(verdict: Verdict, group: number | undefined): Verdict {
  return verdict.accepted && group !== undefined ? { ...verdict, group } : verdict;
}

type Judge = (input: FilterInput) => Verdict;

const JUDGES: Readonly<Record<NonNullable<FilterUse['combine']>, (inner: readonly BoundFilter[]) => Judge>> = {
  all: (inner) => (input) => {
    let group: number | undefined;
    const matches: string[] = [];
    for (const { judge } of inner) {
      const verdict = judge(input);
      if (!verdict.accepted) return verdict;
      group = verdict.group ?? group;
      if (verdict.match !== undefined) matches.push(verdict.match);
    }
    return {
      accepted: true,
      ...(group !== undefined && { group }),
      ...(matches.length > 0 && { match: matches.join('; ') }),
    };
  },
  any: (inner) => (input) => {
    const rejections: Rejection[] = [];
    for (const { judge } of inner) {
      const verdict = judge(input);
      if (verdict.accepted) return verdict;
      rejections.push(verdict);
    }
    return {
      accepted: false,
      reason: [...new Set(rejections.map(({ reason }) => reason))].join(', '),
      value: rejections.map(rejectionText).join('; ').slice(0, MAX_ERROR_LETTERS),
    };
  },
  not: ([inner]) => {
    return (input) => {
      const verdict = inner?.judge(input) ?? { accepted: true };
      if (!verdict.accepted) return isUndecided(verdict) ? verdict : { accepted: true };
      return {
        accepted: false,
        reason: `not ${inner?.use.unit ?? ''}`,
        ...(verdict.match !== undefined && { value: verdict.match }),
      };
    };
  },
};

function rejectionText({ reason, value, limit }: Rejection): string {
  const found = value === undefined ? '' : ` ${String(value)}`;
  return `${reason}${found}${limit === undefined ? '' : ` (limit ${String(limit)})`}`;
}
