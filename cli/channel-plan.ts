import type { Channel, ChannelRevision, ReactionRule } from '../model/channel.js';
import { counted } from './counted.js';

/** What a channel will do, as markdown for the Temporal UI. Configs stay out of it: they may hold addresses. */
export function channelPlan({ channel, hash }: ChannelRevision): string {
  const { name, version, description, contact, stream, access, t0, t2, t3 } = channel;
  const lines = [
    `reads **${stream}** alerts with the data rights ${access.join(', ')}`,
    `T0: ${t0.unit} ${t0.version}`,
    ...t2.map(({ unit, version }) => `T2: ${unit} ${version}`),
    ...t3.map((rule) => `T3: ${rule.name}: ${rule.unit} ${rule.version}, ${whenText(rule)}`),
    ...(contact === undefined ? [] : [`contact: ${contact}`]),
  ];
  const head = `**${name}** ${version}, revision ${hash.slice(0, 12)}`;
  return [head, ...(description === undefined ? [] : [description]), lines.map((line) => `- ${line}`).join('\n')].join(
    '\n\n',
  );
}

/** `HU_RAPID 1.0.0: DecentFilter on ztf, 2 computations, 2 reactions` */
export function channelSummary({ name, version, stream, t0, t2, t3 }: Channel): string {
  const more = `${counted(t2.length, 'computation')}, ${counted(t3.length, 'reaction')}`;
  return `${name} ${version}: ${t0.unit} on ${stream}, ${more}`;
}

/** `3 days after the first accepted alert unless another is accepted` */
export function whenText({ when, afterDays, unless }: ReactionRule): string {
  const wait = afterDays === 0 ? 'at' : `${durationText(afterDays)} after`;
  return `${wait} ${triggerText(when)}${unless === undefined ? '' : ' unless another is accepted'}`;
}

function triggerText(when: ReactionRule['when']): string {
  if (when === 'accepted') return 'the first accepted alert';
  return when === 'detection' ? 'each accepted alert' : `the first result of ${when.result}`;
}

function durationText(days: number): string {
  if (days >= 1) return counted(Number(days.toFixed(2)), 'day');
  const hours = days * 24;
  return hours >= 1 ? `${Number(hours.toFixed(1))} h` : `${Number((hours * 60).toFixed(1))} min`;
}
