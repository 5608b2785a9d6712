import type { Filter } from 'mongodb';
import { Option, type Command } from 'commander';
import type { DeadLetterDocument } from '../store/documents.js';
import type { Store } from '../store/store.js';
import { CliError } from './cli-error.js';

/** Which dead letters a command is about. */
export interface LetterFlags {
  readonly stream?: string;
  readonly kind?: string;
  readonly all?: boolean;
}

/** A dead letter without its bytes, as `deadletters list --json` prints it. */
export interface ShownLetter {
  readonly id: string;
  readonly stream: string;
  readonly partition: string;
  readonly offset: number;
  readonly place: string;
  readonly kind: string;
  readonly message: string;
  readonly at: Date;
  readonly retries: number;
  readonly resolvedAt?: Date;
}

export function withLetterOptions(command: Command): Command {
  return command
    .addOption(new Option('--stream <name>', 'only those of this stream'))
    .addOption(new Option('--kind <kind>', 'only those of this kind, such as truncated or schema'))
    .option('--all', 'also those that could be read in the meantime');
}

export function lettersOf({ stream, kind, all = false }: LetterFlags): Filter<DeadLetterDocument> {
  return {
    ...(stream !== undefined && { stream }),
    ...(kind !== undefined && { kind }),
    ...(!all && { resolvedAt: { $exists: false } }),
  };
}

export function shownLetter({ _id, ...letter }: Omit<DeadLetterDocument, 'bytes'>): ShownLetter {
  const { stream, partition, offset, place, kind, message, at, retries = 0, resolvedAt } = letter;
  return {
    ...{ id: _id, stream, partition, offset, place, kind, message, at, retries },
    ...(resolvedAt !== undefined && { resolvedAt }),
  };
}

/** The letter of this id. Throws `CliError` (wrong input) where there is none. */
export async function requireLetter(store: Store, id: string): Promise<DeadLetterDocument> {
  const letter = await store.deadletters.findOne({ _id: id });
  if (letter !== null) return letter;
  throw new CliError(`There is no dead letter ${id}`, 2, '"ampel deadletters list" has their ids.');
}
