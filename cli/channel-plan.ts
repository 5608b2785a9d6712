import type { Channel, ChannelRevision, FilterUse, ReactionRule } from '../model/channel.js';
import { counted } from './counted.js';
import { timesText } from './times-text.js';

/** What a channel will do, as markdown for the Temporal UI. Configs stay out of it: they may hold addresses. */
export function channelPlan({ channel, hash }: ChannelRevision): string {
  const { periodic = [] } = channel;
  const { name, version, description, contact, streams, access, t2, t3 } = channel;
  const lines = [
    `reads **${streams.join(', ')}** alerts with the data rights ${access.join(', ')}`,
    ...filtersOf(channel).map(({ survey, use }) => `T0${survey}: ${use.unit} ${use.version}`),
    ...t2.map(({ unit, version }) => `T2: ${unit} ${version}`),
    ...t3.map((rule) => `T3: ${rule.name}: ${rule.unit} ${rule.version}, ${whenText(rule)}`),
    ...periodic.map(({ name: rule, unit, version: of, times }) => `T3: ${rule}: ${unit} ${of}, ${timesText(times)}`),
    ...(contact === undefined ? [] : [`contact: ${contact}`]),
  ];
  const head = `**${name}** ${version}, revision ${hash.slice(0, 12)}`;
  return [head, ...(description === undefined ? [] : [description]), lines.map((line) => `- ${line}`).join('\n')].join(
    '\n\n',
  );
}

/** `HU_RAPID 1.0.0: DecentFilter on ztf, 2 computations, 2 reactions` */
export function channelSummary(channel: Channel): string {
  const { name, version, streams, t2, t3 } = channel;
  const more = `${counted(t2.length, 'computation')}, ${counted(t3.length + (channel.periodic ?? []).length, 'reaction')}`;
  const filters = new Set(filtersOf(channel).map(({ use }) => use.unit));
  return `${name} ${version}: ${[...filters].join(', ')} on ${streams.join(', ')}, ${more}`;
}

/** The filters of a channel; each with its survey where they are several. */
function filtersOf({ streams, t0 }: Channel): { readonly survey: string; readonly use: FilterUse }[] {
  const isOne = new Set(Object.values(t0).map(({ configHash }) => configHash)).size === 1;
  return Object.entries(t0)
    .slice(0, isOne ? 1 : streams.length)
    .map(([survey, use]) => ({ survey: isOne ? '' : ` of ${survey}`, use }));
}

/** `3 days after the first accepted alert unless another is accepted` */
export function whenText({ when, afterDays, withinDays, unless, atMost }: ReactionRule): string {
  const wait = afterDays === 0 ? 'at' : `${durationText(afterDays)} after`;
  const off = unless === undefined ? '' : ` unless ${unless === 'detection' ? 'another is accepted' : unless.holds}`;
  const within = withinDays === undefined ? '' : `, within ${durationText(withinDays)} of the first`;
  const times = atMost === undefined || atMost === 1 ? '' : `, up to ${atMost} times`;
  return `${wait} ${triggerText(when)}${within}${times}${off}`;
}

function triggerText(when: ReactionRule['when']): string {
  if (when === 'accepted') return 'the first accepted alert';
  if (when === 'detection') return 'each accepted alert';
  return 'holds' in when ? `the first state with ${when.holds}` : `the first result of ${when.result}`;
}

function durationText(days: number): string {
  if (days >= 1) return counted(Number(days.toFixed(2)), 'day');
  const hours = days * 24;
  return hours >= 1 ? `${Number(hours.toFixed(1))} h` : `${Number((hours * 60).toFixed(1))} min`;
}
