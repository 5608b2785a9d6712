import type { Registry } from './registry.js';

/** Units that share a task queue and what a service allows. */
export interface UnitGroup {
  /** Undefined for the units that name none. */
  readonly group?: string;
  /** Starts a second over all workers. */
  readonly perSecond?: number;
  /** True where units of it need threads; otherwise they wait for a service. */
  readonly needsThreads: boolean;
}

const GROUP_NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/**
 * The groups of all T2 units, the one without a name first. Throws `Error` where units of a group disagree on its rate, or a
 * name cannot be that of a queue.
 */
export function unitGroups(registry: Pick<Registry, 'all'>): readonly UnitGroup[] {
  const groups = new Map<string, UnitGroup & { readonly unit: string }>();
  for (const { tier, name: unit, ...facts } of registry.all()) {
    if (tier !== 't2' || !('execution' in facts) || facts.execution === undefined) continue;
    const { group, perSecond } = facts.execution;
    if (group === undefined) {
      if (perSecond !== undefined) throw new Error(`${unit} has a rate without a group: name the group that it is of`);
      continue;
    }
    if (!GROUP_NAME.test(group))
      throw new Error(`${unit}: found group "${group}", expected lower-case words joined by "-"`);
    const known = groups.get(group);
    if (known !== undefined && known.perSecond !== perSecond) {
      throw new Error(`${unit} and ${known.unit} are of group ${group} with different rates`);
    }
    const needsThreads = known?.needsThreads === true || !('cost' in facts) || facts.cost !== 'remote';
    groups.set(group, { unit, group, needsThreads, ...(perSecond !== undefined && { perSecond }) });
  }
  return [{ needsThreads: true }, ...groups.values()];
}
