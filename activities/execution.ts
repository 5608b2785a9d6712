import type { UnitTask } from '../model/transient.js';
import type { ReadyUnit } from './ready-unit.js';

/** How the activity of a task is run, as its unit declares. */
export function taskRun({ unit }: Pick<ReadyUnit, 'unit'>): Pick<UnitTask, 'group' | 'timeoutMs' | 'attempts'> {
  const { group, timeoutMs, attempts } = unit?.execution ?? {};
  return {
    ...(group !== undefined && { group }),
    ...(timeoutMs !== undefined && { timeoutMs }),
    ...(attempts !== undefined && { attempts }),
  };
}
