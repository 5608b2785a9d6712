import type { NeedUse, PointSelection } from '../model/channel.js';
import { contentHash } from '../model/content-hash.js';
import type { Datapoint } from '../model/datapoint.js';
import { positionOf } from '../model/object-position.js';
import { BadInput, type NeededResults, type T2Inputs, type T2Kind } from '../units/define.js';
import type { CombinedState } from './combine.js';
import { inTime } from './combine.js';
import type { ReadyUnit } from './ready-unit.js';

/** What identifies a unit's computation besides what it is computed for. */
export interface Computation {
  readonly unit: string;
  readonly version: string;
  readonly configHash: string;
  /** Of a tied unit: another version of what it builds on makes it another computation. */
  readonly needs?: readonly NeedUse[];
}

/** The object, the data rights of who asks, and the state that is looked at. */
export interface WorkPlace {
  readonly objectId: string;
  readonly stock: string;
  readonly access: readonly string[];
  readonly state: Pick<CombinedState, 'link' | 'datapoints'>;
  /** Id of the candidate of the channel's first accepted alert. */
  readonly firstAccepted?: string;
  /** Links of the channel's states of the object up to this one, in order, this one last. */
  readonly links: readonly string[];
}

/**
 * Identity of a result: the same work asked for by several channels is done and stored once. What is known of an object
 * itself depends on who may see what; what is made of several states, on which.
 */
export function resultKey(
  stock: string,
  { unit, version, configHash, needs = [] }: Computation,
  link: string,
  more: { readonly access?: readonly string[]; readonly links?: readonly string[] } = {},
): string {
  const { access, links } = more;
  return contentHash({
    ...{ stock, unit, version, configHash, link },
    ...(needs.length > 0 && { needs: needs.map((need) => ({ ...need })) }),
    ...(access && { access: [...access] }),
    ...(links && { links: [...links] }),
  });
}

/** True where a result is of this computation, and not of another version of the unit or of what it builds on. */
export function isComputation(result: Computation, { unit, version, configHash, needs }: Computation): boolean {
  if (result.unit !== unit || result.version !== version || result.configHash !== configHash) return false;
  const builtOn = ({ on = [], ...need }: NeedUse): string => [need.unit, need.version, ...on].join();
  return result.needs === undefined || result.needs.map(builtOn).join() === needs?.map(builtOn).join();
}

/** Identity of what a unit gives for an object itself, to channels with these rights. */
export function stockResultKey(stock: string, computation: Computation, access: readonly string[]): string {
  return resultKey(stock, computation, stock, { access });
}

/** One result that a unit is to give. */
export interface Target {
  readonly key: string;
  /** Id of the datapoint, the stock or the state. */
  readonly link: string;
}

/** The results that a unit is to give at a state. */
export function targetsOf({ use, kind }: Pick<ReadyUnit, 'use' | 'kind'>, place: WorkPlace): Target[] {
  const { stock, access, state, links } = place;
  switch (kind) {
    case 'datapoint':
      return selectPoints(use.points, place).map(({ id }) => ({ key: resultKey(stock, use, id), link: id }));
    case 'stock':
      return [{ key: stockResultKey(stock, use, access), link: stock }];
    case 'state':
    case 'lightCurve': {
      const ofStates = use.needs?.some(({ of }) => of === 'states') === true;
      return [{ key: resultKey(stock, use, state.link, ofStates ? { links } : {}), link: state.link }];
    }
  }
}

/** Of the results of `other`, those that a unit that needs them gets for `target`. */
export function neededTargets(
  { of }: Pick<NeedUse, 'of'>,
  other: Pick<ReadyUnit, 'use' | 'kind'>,
  target: Target,
  place: WorkPlace,
): Target[] {
  switch (of) {
    case 'same': {
      const { stock, access } = place;
      if (other.kind === 'datapoint') return [{ key: resultKey(stock, other.use, target.link), link: target.link }];
      if (other.kind === 'stock') return [{ key: stockResultKey(stock, other.use, access), link: stock }];
      return targetsOf(other, place);
    }
    case 'states':
      return place.links.flatMap((link, index) => {
        const links = place.links.slice(0, index + 1);
        return targetsOf(other, { ...place, links, state: { ...place.state, link } });
      });
    case 'datapoint':
      return targetsOf(other, place).slice(0, 1);
    case 'stock':
      return targetsOf(other, place);
  }
}

/** What a unit of that kind computes from. Throws `BadInput` where there is no such thing. */
export function inputOf(kind: T2Kind, { link }: Target, place: WorkPlace): T2Inputs[T2Kind] {
  const { objectId, stock, state } = place;
  const { datapoints } = state;
  switch (kind) {
    case 'datapoint': {
      const datapoint = datapoints.find(({ id }) => id === link);
      if (datapoint === undefined) throw new BadInput(`datapoint ${link} is not in state ${state.link}`);
      return { objectId, stock, datapoint };
    }
    case 'stock': {
      const position = positionOf(datapoints);
      const [first] = datapoints;
      const last = datapoints.at(-1);
      if (position === undefined || first === undefined || last === undefined) {
        throw new BadInput(`state ${state.link} has no detection with a position`);
      }
      return { objectId, stock, position, firstSeenJd: first.jd, lastSeenJd: last.jd };
    }
    case 'state': {
      const byId = new Map(datapoints.map((point) => [BigInt.asIntN(64, BigInt(point.id)), point]));
      const ids = [...byId.keys()].sort((a, b) => (a < b ? -1 : 1));
      return { objectId, stock, link: state.link, datapoints: ids.flatMap((id) => byId.get(id) ?? []) };
    }
    case 'lightCurve':
      return { objectId, stock, link: state.link, datapoints };
  }
}

/** Results by key as a unit gets them; undefined where one is missing that is not one of several states. */
export function neededResults(
  needs: readonly { readonly need: NeedUse; readonly targets: readonly Target[] }[],
  bodyOf: (key: string) => NeededResults[string][number]['body'] | undefined,
): NeededResults | undefined {
  const results: Record<string, { link: string; body: NeededResults[string][number]['body'] }[]> = {};
  for (const { need, targets } of needs) {
    const found = targets.flatMap(({ key, link }) => {
      const body = bodyOf(key);
      return body === undefined ? [] : [{ link, body }];
    });
    if (found.length === 0 || (need.of !== 'states' && found.length < targets.length)) return undefined;
    results[need.unit] = found;
  }
  return results;
}

/** Measurements of the object in the order of time; without a selection the last one. */
function selectPoints(
  { select, tag }: PointSelection = { select: 'last' },
  { state, firstAccepted }: WorkPlace,
): readonly Datapoint[] {
  const points = inTime(state.datapoints).filter(
    ({ kind, tags }) => (kind === 'detection' || kind === 'forced') && (tag === undefined || tags.includes(tag)),
  );
  switch (select) {
    case 'all':
      return points;
    case 'first':
      return points.slice(0, 1);
    case 'last':
      return points.slice(-1);
    case 'first accepted':
      return points.filter(({ id }) => id === firstAccepted);
  }
}
