import type { StreamRequest } from '../model/stream.js';
import type { StreamDocument } from '../store/documents.js';
import { sourceKey, sourceText } from '../model/stream-source.js';
import { CliError } from './cli-error.js';

/** Throws `CliError` (wrong input) where a stream of this name was started with other paths: its position is one of those. */
export function requireSameSource({ name, source, survey }: StreamRequest, known: StreamDocument | null): void {
  if (known === null) return;
  if (known.survey !== survey)
    throw new CliError(`Stream ${name} reads alerts of ${known.survey}`, 2, 'Choose another name.');
  if (sourceKey(known.source) === sourceKey(source)) return;
  const hint = 'Choose another name, or give this input to go on from where it stands.';
  throw new CliError(`Stream ${name} has positions of another input: ${sourceText(known.source)}`, 2, hint);
}
