import { Command } from 'commander';
import { retryWorkflowId, TASK_QUEUE } from '../model/workflow-names.js';
import type { retryDeadLetters } from '../workflows/retry-dead-letters.js';
import { CliError } from './cli-error.js';
import { counted } from './counted.js';
import { lettersOf, requireLetter, withLetterOptions, type LetterFlags } from './dead-letters.js';
import { printLine, printText } from './json-lines.js';
import { withServices, type Services } from './with-services.js';

/** All ids are in the history of one workflow. */
const MOST_LETTERS = 5_000;

interface RetryFlags extends LetterFlags {
  readonly dry?: boolean;
  readonly json?: boolean;
}

const EXAMPLES = `
To be used when the program can read now what it could not, or a channel or schema is there that was not. What can be read
takes the way of every packet: channels decide on it, or it becomes a revision of its event. Nothing happens twice.

Examples:
  $ ampel deadletters retry --stream rubin --kind schema --dry
  $ ampel deadletters retry --stream rubin --kind schema
  $ ampel deadletters retry july:archive:12`;

/** `ampel deadletters retry`: reads them again. */
export function deadLettersRetryCommand(): Command {
  return withLetterOptions(new Command('retry').description('Try to read again what could not be read'))
    .argument('[id...]', 'dead letters, see "ampel deadletters list"')
    .option('--dry', 'only say how many it would be')
    .option('--json', 'print {id, isRead, message} for each')
    .addHelpText('after', EXAMPLES)
    .action((ids: string[], flags: RetryFlags) => withServices((services) => retry(services, ids, flags)));
}

async function retry({ client, store }: Services, given: readonly string[], flags: RetryFlags): Promise<void> {
  if (given.length === 0 && flags.stream === undefined && flags.kind === undefined)
    throw new CliError('Expected ids, --stream or --kind', 2, '"ampel deadletters list" shows what there is.');
  for (const id of given) await requireLetter(store, id);
  const filter = given.length > 0 ? { _id: { $in: [...given] } } : lettersOf(flags);
  const found = await store.deadletters
    .find(filter, { projection: { _id: 1 } })
    .limit(MOST_LETTERS)
    .toArray();
  const ids = found.map(({ _id }) => _id);
  if (flags.dry === true || ids.length === 0) {
    process.stderr.write(`${counted(ids.length, 'dead letter')} would be tried again\n`);
    return;
  }
  const retried = await client.workflow.execute<typeof retryDeadLetters>('retryDeadLetters', {
    workflowId: retryWorkflowId(new Date()),
    taskQueue: TASK_QUEUE.workflows,
    args: [ids],
    staticSummary: `${counted(ids.length, 'dead letter')} tried again`,
  });
  const bad = retried.filter(({ isRead }) => !isRead);
  if (flags.json === true) for (const letter of retried) await printLine(letter);
  else {
    await printText(`${retried.length - bad.length} of ${counted(retried.length, 'dead letter')} could be read`);
    for (const { id, message } of bad) await printText(`  ${id}: ${message ?? ''}`);
  }
  if (bad.length > 0) throw new CliError(`${counted(bad.length, 'dead letter')} still cannot be read`, 1);
}
