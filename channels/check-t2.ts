import type { NeedUse, PointSelection, T2Use } from '../model/channel.js';
import { contentHash } from '../model/content-hash.js';
import { nearestName } from '../model/nearest-name.js';
import type { Need, T2Kind, T2Unit } from '../units/define.js';
import { checkUnitUse, isMapping, type KnownUnits, type Report } from './check-units.js';

/** An entry of `t2` whose own config is right, with what the registry says of its unit. */
interface Entry {
  readonly index: number;
  readonly use: T2Use;
  readonly unit: T2Unit;
  /** Undefined: for all that the channel accepts. */
  readonly groups: readonly unknown[] | undefined;
}

/**
 * The T2 units of a channel: entries that can be used in the order of the file, undefined for the others. What tied units
 * need is looked up here, so that a dependency that is missing, ambiguous or cyclic is found before anything runs.
 */
export function checkT2(
  given: readonly unknown[],
  streams: readonly string[],
  known: KnownUnits,
  report: Report,
): readonly (T2Use | undefined)[] {
  const entries = given.map((use, index) => entryOf(use, index, known, report));
  const resolver = new NeedResolver(
    entries.filter((entry) => entry !== undefined),
    given,
    report,
  );
  return entries.map((entry) => {
    if (entry === undefined) return undefined;
    checkSurveys(entry, streams, report);
    return resolver.resolve(entry);
  });
}

function entryOf(use: unknown, index: number, known: KnownUnits, report: Report): Entry | undefined {
  const checked = checkUnitUse(use, ['t2', index], 't2', known, report);
  const unit = known.all().find((one): one is T2Unit => one.tier === 't2' && one.name === checked?.unit);
  if (checked === undefined || unit === undefined) return undefined;
  const points = pointsOf(use, index, unit, report);
  const configHash = points && contentHash({ use: checked.configHash, points: { ...points } });
  return { index, use: { ...checked, ...(points && { points, configHash }) }, unit, groups: groupsOf(use) };
}

function checkSurveys({ index, unit }: Entry, streams: readonly string[], report: Report): void {
  const { name, surveys } = unit;
  if (surveys === undefined || streams.length === 0 || surveys.some((survey) => streams.includes(survey))) return;
  report(['t2', index, 'unit'], `${name} reads data of ${surveys.join(', ')}, the channel reads ${streams.join(', ')}`);
}

function pointsOf(given: unknown, index: number, unit: T2Unit, report: Report): PointSelection | undefined {
  const { points, tag } = isMapping(given) ? given : {};
  if (points === undefined && tag === undefined) return undefined;
  if (unit.input !== 'datapoint') {
    const key = points === undefined ? 'tag' : 'points';
    report(
      ['t2', index, key],
      `${unit.name} looks at the ${WHAT[unit.input]}, expected this of units that look at datapoints`,
    );
    return undefined;
  }
  const select = isSelection(points) ? points : 'all';
  return { select, ...(typeof tag === 'string' && { tag }) };
}

const WHAT: Readonly<Record<T2Kind, string>> = {
  datapoint: 'datapoint',
  stock: 'object',
  state: 'state',
  lightCurve: 'light curve',
};

function groupsOf(given: unknown): readonly unknown[] | undefined {
  const group = isMapping(given) ? given['group'] : undefined;
  if (group === undefined) return undefined;
  return [group].flat();
}

function isSelection(value: unknown): value is PointSelection['select'] {
  return value === 'first' || value === 'last' || value === 'first accepted' || value === 'all';
}

/** Whose results can be of the same link, of a datapoint, of the stock, of states. */
const KINDS_OF_NEED: Readonly<Record<Need['of'], readonly T2Kind[]>> = {
  same: ['state', 'lightCurve'],
  datapoint: ['datapoint'],
  stock: ['stock'],
  states: ['state', 'lightCurve'],
};

/** Finds what tied units need among the units of the channel, and gives each the identity that follows from that. */
class NeedResolver {
  private readonly resolved = new Map<Entry, T2Use | undefined>();
  private readonly underWay: Entry[] = [];

  constructor(
    private readonly entries: readonly Entry[],
    private readonly given: readonly unknown[],
    private readonly report: Report,
  ) {}

  resolve(entry: Entry): T2Use | undefined {
    if (this.resolved.has(entry)) return this.resolved.get(entry);
    const needs = entry.unit.needs ?? [];
    this.underWay.push(entry);
    const uses = needs.map((need) => this.useOf(entry, need));
    this.underWay.pop();
    const use = uses.includes(undefined)
      ? undefined
      : withNeeds(
          entry.use,
          uses.filter((one) => one !== undefined),
        );
    this.resolved.set(entry, use);
    return use;
  }

  private useOf(entry: Entry, need: Need): NeedUse | undefined {
    const found = this.find(entry, need);
    if (found === undefined) return undefined;
    const start = this.underWay.indexOf(found);
    if (start >= 0) {
      const names = [...this.underWay.slice(start), found].map(({ unit }) => unit.name);
      this.report(['t2', entry.index], `found a circle of needs: ${names.join(' needs ')}`);
      return undefined;
    }
    const use = this.resolve(found);
    if (use === undefined) return undefined;
    this.checkGroups(entry, found);
    if (need.of === 'states') this.checkNoDatapoints(entry, found);
    return { unit: use.unit, version: use.version, configHash: use.configHash, of: need.of };
  }

  private find({ index, unit }: Entry, { unit: name, of }: Need): Entry | undefined {
    const found = this.entries.filter((one) => one.unit.name === name);
    const [first, second] = found;
    const path = ['t2', index];
    if (first === undefined) {
      // Of one that stands there with a fault of its own that fault is told.
      if (this.names().includes(name)) return undefined;
      const meant = nearestName(name, this.names());
      const advice = meant === undefined ? '' : ` (it has ${meant})`;
      this.report(
        path,
        `${unit.name} needs results of ${name}, which the channel does not compute; add it to t2${advice}`,
      );
      return undefined;
    }
    if (second !== undefined) {
      this.report(
        path,
        `${unit.name} needs results of ${name}, which stands at t2[${first.index}] and t2[${second.index}], expected once`,
      );
      return undefined;
    }
    if (!fits(unit.input, of, first.unit.input)) {
      this.report(path, `${unit.name} needs ${name} ${ofText(of)}, but that looks at the ${WHAT[first.unit.input]}`);
      return undefined;
    }
    return first;
  }

  /** What is needed has to be there for all that the unit is run for. */
  private checkGroups(entry: Entry, needed: Entry): void {
    const { groups: wide } = needed;
    if (wide === undefined || entry.groups?.every((group) => wide.includes(group)) === true) return;
    const own = entry.groups === undefined ? 'all groups' : `group ${entry.groups.join(', ')}`;
    this.report(
      ['t2', entry.index],
      `${entry.unit.name} is computed for ${own}, and needs ${needed.unit.name}, which is computed for group ` +
        `${wide.join(', ')} only`,
    );
  }

  /** The points of earlier states are not looked at again. */
  private checkNoDatapoints(entry: Entry, needed: Entry): void {
    for (const need of needed.unit.needs ?? []) {
      const other = this.entries.find(({ unit }) => unit.name === need.unit);
      if (other?.unit.input === 'datapoint') {
        this.report(
          ['t2', entry.index],
          `${entry.unit.name} compares results of ${needed.unit.name} of several states, expected one that builds on no ` +
            `datapoints; it builds on ${need.unit}`,
        );
      } else if (other !== undefined && need.of === 'same') this.checkNoDatapoints(entry, other);
    }
  }

  private names(): string[] {
    return this.given.flatMap((use) => (isMapping(use) && typeof use['unit'] === 'string' ? [use['unit']] : []));
  }
}

function fits(own: T2Kind, of: Need['of'], other: T2Kind): boolean {
  const isState = own === 'state' || own === 'lightCurve';
  if (of === 'same' && !isState) return own === other;
  return KINDS_OF_NEED[of].includes(other) && (isState || of === 'stock');
}

function ofText(of: Need['of']): string {
  return of === 'same' ? 'of the same link' : `of the ${of}`;
}

function withNeeds(use: T2Use, needs: readonly NeedUse[]): T2Use {
  if (needs.length === 0) return use;
  return {
    ...use,
    needs,
    configHash: contentHash({ config: use.configHash, needs: needs.map((need) => ({ ...need })) }),
  };
}
