import type { StreamRequest } from '../model/stream.js';
import type { StreamDocument } from '../store/documents.js';
import { CliError } from './cli-error.js';

/** Throws `CliError` (wrong input) where a stream of this name was started with other paths: its position is one of those. */
export function requireSameSource({ name, source, survey }: StreamRequest, known: StreamDocument | null): void {
  if (known === null) return;
  const hint = 'Choose another name, or give these paths in this order to go on from there.';
  if (known.survey !== survey)
    throw new CliError(`Stream ${name} reads alerts of ${known.survey}`, 2, 'Choose another name.');
  const { paths, position } = known;
  if (paths.length === source.paths.length && paths.every((path, index) => path === source.paths[index])) return;
  throw new CliError(`Stream ${name} is at position ${position} of other paths: ${paths.join(' ')}`, 2, hint);
}
