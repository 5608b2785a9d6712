import type { Json } from '../model/canonical-json.js';
import { isOfGroup, type T2Use } from '../model/channel.js';
import type { ChannelRef, UnitTask } from '../model/transient.js';
import type { AlertDocument } from '../store/documents.js';
import type { ReadyChannel } from './channel-revisions.js';
import type { CombinedState } from './combine.js';
import { taskRun } from './execution.js';
import { runLight, type ReadyUnit } from './ready-unit.js';
import { inputOf, neededKeys, neededResults, targetBefore, targetsOf, type Target, type WorkPlace } from './t2-work.js';
import { guardTime } from './time-guard.js';

/** A T2 result that was computed beside the decision. */
export interface ComputedResult {
  readonly key: string;
  readonly use: T2Use;
  readonly link: string;
  readonly kind?: 'datapoint' | 'stock';
  readonly needed: readonly string[];
  readonly channels: readonly ChannelRef[];
  readonly body: Json;
}

/** A channel that accepted an alert, with the state that the alert led to. */
export interface Accepting {
  readonly ready: ReadyChannel;
  readonly state: CombinedState;
  readonly group?: number;
  readonly firstAccepted?: string;
  readonly links: readonly string[];
}

/** The results that became of an acceptance, and what has to be computed elsewhere. */
export interface Computed {
  readonly results: readonly ComputedResult[];
  readonly tasks: readonly UnitTask[];
  /** By key of a task: keys of the results that it builds on. */
  readonly needed: ReadonlyMap<string, readonly string[]>;
}

/** Runs the light units of the accepting channels; heavy ones, those that throw, and what builds on either become tasks. */
export async function computeUnits(
  alert: Pick<AlertDocument, 'alertId' | 'objectId' | 'stock' | 'jd' | 'survey'>,
  accepting: readonly Accepting[],
  slow = new Set<string>(),
): Promise<Computed> {
  return await new ComputeStep(alert, accepting, slow).run();
}

interface Work {
  readonly target: Target;
  readonly unit: ReadyUnit;
  readonly place: WorkPlace;
  readonly channels: ChannelRef[];
  readonly groups: Record<ChannelRef, number>;
  outcome?: 'result' | 'task';
  body?: Json;
}

class ComputeStep {
  private readonly works = new Map<string, Work>();
  private readonly results: ComputedResult[] = [];
  private readonly tasks: UnitTask[] = [];
  private readonly needed = new Map<string, readonly string[]>();
  private running: Work | undefined;

  constructor(
    private readonly alert: Parameters<typeof computeUnits>[0],
    accepting: readonly Accepting[],
    /** Units that did not end in time before: they get a thread of their own. */
    private readonly slow: Set<string>,
  ) {
    for (const one of accepting) this.want(one);
  }

  async run(): Promise<Computed> {
    const all = [...this.works.values()];
    const hasLight = all.some(({ unit }) => unit.cost === 'light');
    const settleAll = (): void => {
      for (const work of all) this.settle(work);
    };
    if (!hasLight) settleAll();
    while (hasLight && !(await guardTime(settleAll))) {
      const { running } = this;
      if (running === undefined) continue;
      this.slow.add(running.unit.use.unit);
      this.toTask(running);
      this.running = undefined;
    }
    return { results: this.results, tasks: this.tasks, needed: this.needed };
  }

  private want({ ready, state, group, firstAccepted, links }: Accepting): void {
    const { objectId, stock } = this.alert;
    const { channel: view, units } = ready;
    const place = {
      ...{ objectId, stock, view, units, state, links },
      ...(firstAccepted !== undefined && { firstAccepted }),
    };
    for (const unit of ready.units) {
      if (!isOfGroup(unit.use.groups, group)) continue;
      for (const target of targetsOf(unit, place)) {
        const known = this.works.get(target.key);
        if (known !== undefined) {
          if (!known.channels.includes(ready.ref)) known.channels.push(ready.ref);
          if (group !== undefined) known.groups[ready.ref] = group;
          continue;
        }
        const groups = group === undefined ? {} : { [ready.ref]: group };
        this.works.set(target.key, { target, unit, place, channels: [ready.ref], groups });
      }
    }
  }

  /** What a unit needs comes first; the channel's check has made sure that this ends. */
  private settle(work: Work): void {
    if (work.outcome !== undefined) return;
    const { unit, target, place } = work;
    for (const key of neededKeys(target)) {
      const needed = this.works.get(key);
      if (needed !== undefined) this.settle(needed);
    }
    // What earlier states gave, and what was found of the object itself at the first of them, is in the store: for a task.
    const isHere = target.needs.every(
      ({ need, targets }) => need.of !== 'states' && targets.every(({ link }) => link !== place.stock),
    );
    if (unit.cost !== 'light' || !isHere || this.slow.has(unit.use.unit)) {
      this.toTask(work);
      return;
    }
    this.running = work;
    this.compute(work);
    this.running = undefined;
  }

  private compute(work: Work): void {
    const { unit, target, place, channels } = work;
    const needed = neededResults(target.needs, (key) => this.works.get(key)?.body);
    if (needed === undefined) {
      this.toTask(work);
      return;
    }
    let body: Json;
    try {
      body = runLight(unit, inputOf(unit.kind, target, place), needed);
    } catch {
      // Its own activity says what is wrong and holds up nothing.
      this.toTask(work);
      return;
    }
    work.body = body;
    work.outcome = 'result';
    this.results.push({
      ...{ key: target.key, use: unit.use, link: target.link, channels, body },
      ...kindOf(unit),
      needed: neededKeys(target),
    });
  }

  private toTask(work: Work): void {
    work.outcome = 'task';
    const { unit, target, place, channels, groups } = work;
    const { alertId, jd } = this.alert;
    const { unit: name, version, configHash } = unit.use;
    const { key, link } = target;
    const after = keysBefore(work);
    this.needed.set(key, neededKeys(target));
    this.tasks.push({
      ...{ key, unit: name, version, configHash, link, alertId, jd, channels },
      ...kindOf(unit),
      ...(link !== place.state.link && { state: place.state.link }),
      ...(after.length > 0 && { after }),
      ...(Object.keys(groups).length > 0 && { groups }),
      ...taskRun(unit),
    });
  }
}

function kindOf({ kind }: ReadyUnit): { kind?: 'datapoint' | 'stock' } {
  return kind === 'datapoint' || kind === 'stock' ? { kind } : {};
}

/**
 * Keys of what may be under way and has to come first. Of several states it is the last one's, and this unit's own result at the
 * state before, which came after the others: a list of them all would grow with the object.
 */
function keysBefore({ unit, target, place }: Work): string[] {
  const ofStates = target.needs.filter(({ need }) => need.of === 'states');
  const keys = neededKeys({ needs: target.needs.filter(({ need }) => need.of !== 'states') });
  if (ofStates.length === 0) return keys;
  const before = targetBefore(unit, place);
  const last = ofStates.flatMap(({ targets }) => targets.slice(-1).map(({ key }) => key));
  return [...keys, ...last, ...(before === undefined ? [] : [before.key])];
}
