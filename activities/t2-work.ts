import type { Json } from '../model/canonical-json.js';
import type { Channel, NeedUse, PointSelection } from '../model/channel.js';
import { contentHash } from '../model/content-hash.js';
import type { Datapoint } from '../model/datapoint.js';
import { positionOf } from '../model/object-position.js';
import type { ResultDocument } from '../store/documents.js';
import { BadInput, type NeededResults, type T2Inputs, type T2Kind } from '../units/define.js';
import type { CombinedState } from './combine.js';
import { inTime } from './combine.js';
import type { ReadyUnit } from './ready-unit.js';

/** What identifies a unit's computation besides what it is computed for and from. */
export interface Computation {
  readonly unit: string;
  readonly version: string;
  readonly configHash: string;
  /** Of a tied unit: another version of what it builds on makes it another computation. */
  readonly needs?: readonly NeedUse[];
}

/** What a channel sees of an object: what is computed of the object itself depends on it. */
export type View = Pick<Channel, 'access' | 't1'>;

type Unit = Pick<ReadyUnit, 'use' | 'kind'>;

/** The object, the view and the units of the channel that asks, and the state that is looked at. */
export interface WorkPlace {
  readonly objectId: string;
  readonly stock: string;
  readonly view: View;
  /** Among these is what a tied unit needs. */
  readonly units: readonly Unit[];
  readonly state: Pick<CombinedState, 'link' | 'datapoints'>;
  /** Id of the candidate of the channel's first accepted alert. */
  readonly firstAccepted?: string;
  /** Links of the channel's states of the object up to this one, in order, this one last. */
  readonly links: readonly string[];
}

/** True where a result is of this computation, and not of another version of the unit or of what it builds on. */
export function isComputation(result: Computation, { unit, version, configHash, needs }: Computation): boolean {
  if (result.unit !== unit || result.version !== version || result.configHash !== configHash) return false;
  const builtOn = ({ on = [], ...need }: NeedUse): string => [need.unit, need.version, ...on].join();
  return result.needs === undefined || result.needs.map(builtOn).join() === needs?.map(builtOn).join();
}

/** One result that a unit is to give, and those that it builds on. */
export interface Target {
  /** Identity of the result. */
  readonly key: string;
  /** Id of the datapoint, the stock or the state. */
  readonly link: string;
  readonly needs: readonly NeededTargets[];
}

export interface NeededTargets {
  readonly need: NeedUse;
  readonly targets: readonly Target[];
}

/** The results that a unit is to give at a state. */
export function targetsOf(unit: Unit, place: WorkPlace): Target[] {
  return linksOf(unit, place).map((link) => targetAt(unit, link, place));
}

/** Keys of all results that this one builds on directly. */
export function neededKeys({ needs }: Pick<Target, 'needs'>): string[] {
  return needs.flatMap(({ targets }) => targets.map(({ key }) => key));
}

function linksOf({ use, kind }: Unit, place: WorkPlace): readonly string[] {
  if (kind === 'datapoint') return selectPoints(use.points, place).map(({ id }) => id);
  return [kind === 'stock' ? place.stock : place.state.link];
}

function targetAt(unit: Unit, link: string, place: WorkPlace): Target {
  const needs = (unit.use.needs ?? []).map((need) => ({ need, targets: neededTargets(need, link, place) }));
  return { key: resultKey(unit, link, needs, place), link, needs };
}

/**
 * The same work asked for by several channels is done and stored once: the key is all that goes into it. What is known of an
 * object itself depends on who sees what of it; what builds on other results, on those very results.
 */
function resultKey(
  { use: { unit, version, configHash }, kind }: Unit,
  link: string,
  needs: readonly NeededTargets[],
  { stock, view }: Pick<WorkPlace, 'stock' | 'view'>,
): string {
  return contentHash({
    ...{ stock, unit, version, configHash, link },
    ...(kind === 'stock' && { access: [...view.access], ...(view.t1 && { t1: { ...view.t1 } as Json }) }),
    ...(needs.length > 0 && {
      needs: needs.map(({ need, targets }) => ({ unit: need.unit, results: targets.map(({ key }) => key) })),
    }),
  });
}

/** The results that a unit gets for `link`. What is needed of several states builds on no datapoints: the check sees to it. */
function neededTargets({ unit, of }: NeedUse, link: string, place: WorkPlace): readonly Target[] {
  const other = place.units.find(({ use }) => use.unit === unit);
  if (other === undefined) return [];
  switch (of) {
    case 'same':
      return other.kind === 'datapoint' ? [targetAt(other, link, place)] : targetsOf(other, place);
    case 'states':
      return place.links.flatMap((earlier, index) => targetsOf(other, earlierPlace(place, earlier, index)));
    case 'datapoint':
      return targetsOf(other, place).slice(0, 1);
    case 'stock':
      return targetsOf(other, place);
  }
}

/** The result that a unit gave at the state before, which may still be under way. */
export function targetBefore(unit: Unit, place: WorkPlace): Target | undefined {
  const index = place.links.length - 2;
  const link = place.links[index];
  return link === undefined ? undefined : targetsOf(unit, earlierPlace(place, link, index))[0];
}

function earlierPlace(place: WorkPlace, link: string, index: number): WorkPlace {
  return { ...place, links: place.links.slice(0, index + 1), state: { ...place.state, link } };
}

/** True where a result of the object itself is what a channel with this view gets. */
export function isOfView(result: ResultDocument, view: View): boolean {
  const { _id, stock, unit, version, configHash, needs = [], needed = [] } = result;
  const use = { unit, version, configHash, config: null };
  // What is known of the object itself builds on one result of each unit that it needs.
  const built = needs.map((need, index) => ({ need, targets: [{ key: needed[index] ?? '', link: stock, needs: [] }] }));
  return _id === resultKey({ use, kind: 'stock' }, stock, built, { stock, view });
}

/** What a unit of that kind computes from. Throws `BadInput` where there is no such thing. */
export function inputOf(
  kind: T2Kind,
  { link }: Pick<Target, 'link'>,
  place: Pick<WorkPlace, 'objectId' | 'stock' | 'state'>,
): T2Inputs[T2Kind] {
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
  needs: readonly NeededTargets[],
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
