import type { Unit } from '../units/define.js';
import type { Registry } from '../units/registry.js';
import { TIERS } from '../units/unit-files.js';
import { CliError } from './cli-error.js';

const MOST_LETTERS = 64;

/** The tier that was named. Throws `CliError` (wrong use) where it is none that has units. */
export function requireTier(given: string): Unit['tier'] {
  const found = TIERS.find((tier) => tier === given.toLowerCase());
  if (found !== undefined) return found;
  const hint = /^t1$/i.test(given) ? 'T1 has no units: a channel says under "t1" what makes up its states.' : undefined;
  throw new CliError(`found tier "${given}", expected t0 (a filter), t2 (a computation) or t3 (a reaction)`, 2, hint);
}

/** Throws `CliError` (wrong use) where a unit cannot have this name, with one that it can have. */
export function requireUnitName(name: string): void {
  if (/^[A-Z][A-Za-z0-9]*$/.test(name) && name.length <= MOST_LETTERS) return;
  const meant = name
    .split(/[^A-Za-z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
    .slice(0, MOST_LETTERS);
  throw new CliError(
    `found name "${name}", expected letters and digits with a capital at the start of each word, at most ${MOST_LETTERS}`,
    2,
    /^[A-Z]/.test(meant) ? `Did you mean ${meant}?` : 'Such as T2PeakMagnitude.',
  );
}

/** Throws `CliError` (wrong use) where there is such a unit. Names that differ in capitals only confuse. */
export function requireNewName(name: string, registry: Registry): void {
  const taken = registry.all().find((unit) => unit.name.toLowerCase() === name.toLowerCase());
  if (taken === undefined) return;
  const { name: known, tier, summary } = taken;
  const hint = `It is of ${registry.from(known)}: ${summary}\nChoose another name; "ampel unit show ${known}" shows that one.`;
  throw new CliError(`There is a ${tier} unit ${known} already`, 2, hint);
}
