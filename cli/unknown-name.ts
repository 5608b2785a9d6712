import { nearestName } from '../model/nearest-name.js';
import { CliError } from './cli-error.js';

/** The error for a name that is none (wrong input): says which known name is nearest, and which command lists all. */
export function unknownName(thing: string, name: string, known: Iterable<string>, listCommand: string): CliError {
  const meant = nearestName(name, known);
  const hint = `${meant === undefined ? '' : `Did you mean ${meant}? `}"${listCommand}" lists what there is.`;
  return new CliError(`There is no ${thing} ${name}`, 2, hint);
}
