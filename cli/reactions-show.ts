import { Command } from 'commander';
import type { Json } from '../model/canonical-json.js';
import { isOfObject, type ReactionDocument } from '../store/documents.js';
import { counted } from './counted.js';
import { minuteOfJd } from './decision-sentence.js';
import { printLine, printText } from './json-lines.js';
import { messageForReading, type ForReading } from './message-text.js';
import { requireReaction, shownReaction } from './reactions.js';
import { minuteText } from './utc-text.js';
import { withStore } from './with-services.js';

const EXAMPLES = `
Examples:
  $ ampel reactions show HU_RAPID/new-candidate/360504273
  $ ampel reactions show HU_RAPID/new-candidate/360504273 --json   {"key":"HU_RAPID/…","state":"confirmed","message":{…},…}`;

/** `ampel reactions show KEY`: one of them, with the message as it was sent or would be. */
export function reactionsShowCommand(): Command {
  return new Command('show')
    .description('Show a reaction: its message, what the receiver answered, who resolved it')
    .argument('<key>', 'a reaction, see "ampel reactions list"')
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES)
    .action((key: string, { json = false }: { readonly json?: boolean }) =>
      withStore(async (store) => {
        const reaction = await requireReaction(store, key);
        if (json) await printLine(shownReaction(reaction));
        else await printText(reactionText(reaction));
      }),
    );
}

function reactionText(reaction: ReactionDocument): string {
  const { _id, channel, rule, unit, dueJd, state, answer, attempts, sentAt, resolved, approval } = reaction;
  const letter = messageForReading(reaction.message);
  const facts: readonly (readonly [string, string])[] = [
    ['about', isOfObject(reaction) ? `${reaction.objectId}, alert ${reaction.alertId}` : runText(reaction)],
    ['asked by', `${channel}, rule ${rule}`],
    ['due', `${minuteOfJd(dueJd)} UTC`],
    ['state', state],
    ...(answer === undefined ? [] : [['answer', [answer.status, answer.detail ?? ''].join(' ').trim()] as const]),
    ['tried', `${attempts} times by ${unit}${sentAt === undefined ? '' : `, last at ${minuteText(sentAt)} UTC`}`],
    ...(approval === undefined ? [] : [['approval', approvalText(approval)] as const]),
    ...(resolved === undefined ? [] : [['resolved', `by ${resolved.by}: ${resolved.why}`] as const]),
    ...messageFacts(reaction.message, letter),
  ];
  const lines = [_id, ...facts.map(([title, value]) => `  ${title.padEnd(8)}  ${value}`)];
  // From the first column: it is there to be copied.
  return [...lines, ...(letter === undefined ? [] : ['', letter.text])].join('\n');
}

/** A reaction whose message could not be composed has none. */
function messageFacts(message: Json | undefined, letter: ForReading | undefined): (readonly [string, string])[] {
  if (letter !== undefined) return letter.subject === undefined ? [] : [['subject', letter.subject]];
  if (message === undefined) return [['message', 'none']];
  return [['message', JSON.stringify(message, undefined, 2).replaceAll('\n', `\n${' '.repeat(12)}`)]];
}

function runText({ run = '', objects = 0 }: ReactionDocument): string {
  return `${counted(objects, 'object')} of the run ${run}`;
}

function approvalText({ granted, by, why }: NonNullable<ReactionDocument['approval']>): string {
  return `${by} said ${granted ? 'yes' : 'no'}: ${why}`;
}
