import { nearestName } from '../model/nearest-name.js';
import type { Unit } from '../units/define.js';
import type { Registry } from '../units/registry.js';
import { CliError } from './cli-error.js';

/** The unit of this name, whatever its tier. Throws `CliError` (wrong use) with the nearest known name. */
export function findUnit(registry: Registry, name: string): Unit {
  const unit = registry.all().find((one) => one.name === name);
  if (unit !== undefined) return unit;
  const meant = nearestName(
    name,
    registry.all().map((one) => one.name),
  );
  const hint = `${meant === undefined ? '' : `Did you mean ${meant}? `}"ampel unit list" lists the units there are.`;
  throw new CliError(`There is no unit ${name}`, 2, hint);
}
