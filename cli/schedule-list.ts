import { ScheduleNotFoundError, type ScheduleDescription } from '@temporalio/client';
import { Command } from 'commander';
import { workflowId } from '../model/workflow-names.js';
import { counted } from './counted.js';
import { printLine, printText } from './json-lines.js';
import { knownRules, type KnownRule } from './periodic-rule.js';
import { requireKnownChannel } from './require-known-channel.js';
import { timesText } from './times-text.js';
import { table } from './table.js';
import { minuteText } from './utc-text.js';
import { withServices, type Services } from './with-services.js';

/** A periodic rule with what Temporal makes of it. */
export interface ShownSchedule {
  readonly name: string;
  readonly unit: string;
  readonly times: string;
  /** `missing`: the channel's workflow has not made it yet, or somebody has removed it. */
  readonly state: 'active' | 'paused' | 'missing';
  readonly note?: string;
  readonly next?: string;
  readonly runs: number;
  /** Not run since the run before was under way, or since no server was there. */
  readonly skipped: number;
}

const EXAMPLES = `
Examples:
  $ ampel schedule list
  $ ampel schedule list --channel HU_RAPID --json   {"name":"HU_RAPID/morning","state":"active","next":"2026-11-24T06:30:00.000Z",…}`;

/** `ampel schedule list`: the rules that run by the clock. */
export function scheduleListCommand(): Command {
  return new Command('list')
    .description('List the rules of channels that run by the clock, with when they run next')
    .option('--channel <name>', 'only those of this channel')
    .option('--json', 'print one JSON object for each')
    .addHelpText('after', EXAMPLES)
    .action(({ channel, json = false }: { readonly channel?: string; readonly json?: boolean }) =>
      withServices(async (services) => {
        await requireKnownChannel(services.store, channel);
        const rules = await knownRules(services.store, channel);
        const shown = await Promise.all(rules.map((rule) => readSchedule(services, rule)));
        if (json) for (const one of shown) await printLine(one);
        else if (shown.length === 0) process.stderr.write('No channel that runs has periodic rules.\n');
        else await printText(table(['rule', 'unit', 'when', 'state', 'next (UTC)', 'runs'], shown.map(rowOf)));
      }),
    );
}

function rowOf({ name, unit, times, state, next, runs, skipped }: ShownSchedule): string[] {
  const nextRun = next === undefined ? '' : minuteText(new Date(next));
  return [name, unit, times, state, nextRun, skipped === 0 ? `${runs}` : `${runs}, ${skipped} skipped`];
}

export async function readSchedule({ client }: Services, { channel, rule }: KnownRule): Promise<ShownSchedule> {
  const facts = { name: `${channel}/${rule.name}`, unit: rule.unit, times: timesText(rule.times) };
  const description = await describe(client, workflowId.reaction(channel, rule.name));
  if (description === undefined) return { ...facts, state: 'missing', runs: 0, skipped: 0 };
  const { state, info } = description;
  const [next] = info.nextActionTimes;
  return {
    ...{ ...facts, state: state.paused ? 'paused' : 'active' },
    ...(state.note !== undefined && state.note !== '' && { note: state.note }),
    ...(next !== undefined && !state.paused && { next: next.toISOString() }),
    ...{ runs: info.numActionsTaken, skipped: info.numActionsSkippedOverlap + info.numActionsMissedCatchupWindow },
  };
}

async function describe(client: Services['client'], id: string): Promise<ScheduleDescription | undefined> {
  try {
    return await client.schedule.getHandle(id).describe();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  }
}

/** `2 of them were skipped` where some were. */
export function skippedText(skipped: number): string {
  return skipped === 0 ? '' : `, ${counted(skipped, 'run')} skipped`;
}
