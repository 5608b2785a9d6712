import { Command } from 'commander';
import { unixMsOfJd } from '../model/julian-date.js';
import type { PeriodicRule } from '../model/channel.js';
import { printLine, printText } from './json-lines.js';
import { requireRule, type KnownRule } from './periodic-rule.js';
import { runTimesMs } from './run-times.js';
import { readSchedule, skippedText, type ShownSchedule } from './schedule-list.js';
import { table } from './table.js';
import { minuteText } from './utc-text.js';
import { withServices, type Services } from './with-services.js';

const MOST_RUNS = 10;
const NEXT_RUNS = 5;
const DAY_MS = 86_400_000;

const EXAMPLES = `
Examples:
  $ ampel schedule show HU_RAPID/morning
  $ ampel schedule show HU_RAPID/morning --json`;

interface ShownRun {
  readonly due: string;
  readonly looked: number;
  readonly matched: number;
  readonly selected: number;
  /** Reactions by state. */
  readonly told: Readonly<Record<string, number>>;
}

/** `ampel schedule show CHANNEL/RULE`: when it runs, what it selects, what its last runs came to. */
export function scheduleShowCommand(): Command {
  return new Command('show')
    .description('Show a rule that runs by the clock: its next runs, and what the last ones came to')
    .argument('<rule>', 'channel and rule, see "ampel schedule list"')
    .option('--json', 'print one JSON object')
    .addHelpText('after', EXAMPLES)
    .action((name: string, { json = false }: { readonly json?: boolean }) =>
      withServices(async (services) => {
        const rule = await requireRule(services.store, name);
        const [schedule, runs, next] = await Promise.all([
          readSchedule(services, rule),
          lastRuns(services, rule),
          nextTimes(services, rule),
        ]);
        if (json)
          await printLine({ ...schedule, select: rule.rule.select, tell: rule.rule.tell, upcoming: next, last: runs });
        else await printText(shownText(schedule, rule.rule, next, runs));
      }),
    );
}

/** None of one that is paused, or that Temporal does not know. */
async function nextTimes(services: Services, known: KnownRule): Promise<string[]> {
  const nowMs = Date.now();
  const days = 'everyMinutes' in known.rule.times ? (known.rule.times.everyMinutes * NEXT_RUNS) / 1440 : 40;
  try {
    const times = await runTimesMs(services, known, nowMs, nowMs + days * DAY_MS);
    return times.slice(0, NEXT_RUNS).map((ms) => new Date(ms).toISOString());
  } catch {
    return [];
  }
}

async function lastRuns({ store }: Services, { channel, rule }: KnownRule): Promise<ShownRun[]> {
  const of = { channel, rule: rule.name };
  const runs = await store.runs.find(of).sort({ dueJd: -1 }).limit(MOST_RUNS).toArray();
  const told = await store.reactions
    .aggregate<{ readonly _id: { dueJd: number; state: string }; readonly count: number }>([
      { $match: { ...of, dueJd: { $in: runs.map(({ dueJd }) => dueJd) } } },
      { $group: { _id: { dueJd: '$dueJd', state: '$state' }, count: { $sum: 1 } } },
    ])
    .toArray();
  return runs.map(({ dueJd, looked, matched, selected }) => ({
    ...{ due: new Date(unixMsOfJd(dueJd)).toISOString(), looked, matched, selected },
    told: Object.fromEntries(told.flatMap(({ _id, count }) => (_id.dueJd === dueJd ? [[_id.state, count]] : []))),
  }));
}

function shownText(
  { name, unit, times, state, note, runs, skipped }: ShownSchedule,
  { tell, select }: PeriodicRule,
  next: readonly string[],
  last: readonly ShownRun[],
): string {
  const facts: readonly (readonly [string, string])[] = [
    ['when', times],
    ['state', note === undefined ? state : `${state}: ${note}`],
    ['selects', selectText(select)],
    ['tells', `${unit}, ${tell === 'all' ? 'one message on all' : 'a message on each'}`],
    ['next', next.map((at) => minuteText(new Date(at))).join(', ')],
    ['runs', `${runs}${skippedText(skipped)}`],
  ];
  const head = [name, ...facts.map(([title, value]) => `  ${title.padEnd(8)} ${value}`)].join('\n');
  if (last.length === 0) return head;
  const rows = last.map(({ due, looked, matched, selected, told }) => {
    const states = Object.entries(told).map(([one, count]) => `${one} ${count}`);
    return [minuteText(new Date(due)), `${looked}`, `${matched}`, `${selected}`, states.join(', ')];
  });
  return `${head}\n\n${table(['due (UTC)', 'looked at', 'match', 'told of', 'messages'], rows)}`;
}

function selectText({ acceptedDays, newDays, where, tags, query, order, limit }: PeriodicRule['select']): string {
  const parts = [
    acceptedDays === undefined ? 'accepted since it last told of them' : `accepted within ${days(acceptedDays)}`,
    ...(newDays === undefined ? [] : [`first accepted within ${days(newDays)}`]),
    ...(where === undefined ? [] : [where.holds]),
    ...(tags?.with === undefined ? [] : [`tagged ${tags.with.join(', ')}`]),
    ...(tags?.without === undefined ? [] : [`not tagged ${tags.without.join(', ')}`]),
    ...(query === undefined ? [] : [JSON.stringify(query)]),
    `at most ${limit}, ${typeof order === 'object' ? `by ${order.descending ? '-' : ''}${order.by.holds}` : (order ?? 'newest')} first`,
  ];
  return parts.join('; ');
}

function days(count: number): string {
  return `${Number(count.toFixed(3))} d`;
}
