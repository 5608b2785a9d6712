import { isOfGroup, type Channel, type ReactionRule } from './channel.js';
import type { Deadline } from './deadline.js';

/** What has just become known of an object in a channel. */
export interface Happening {
  readonly channel: Channel;
  readonly channelHash: string;
  readonly stock: string;
  readonly alertId: string;
  readonly jd: number;
  readonly link: string;
  /** True where this is the first alert of the object that the channel accepted. */
  readonly isFirst: boolean;
  /** True where the alert itself was accepted just now; false where only results came. */
  readonly isDetection: boolean;
  /** The group that the filter accepted into. */
  readonly group?: number;
  /** Units that have just given a result of this state. */
  readonly results: readonly string[];
  /** Time of the first alert of the object that the channel accepted (Julian date). */
  readonly firstJd: number;
  /** Whether the condition that starts the rule of this name holds; undefined while results that it reads are missing. */
  readonly holds: (rule: string) => boolean | undefined;
}

/** The reactions that a happening sets off. A rule that fires once for each object has the same key every time. */
export function deadlinesOf(happening: Happening): Deadline[] {
  return happening.channel.t3.filter((rule) => isSetOff(rule, happening)).map((rule) => deadlineOf(rule, happening));
}

function isSetOff(rule: ReactionRule, happening: Happening): boolean {
  const { isFirst, isDetection, group, jd, firstJd } = happening;
  if (!isOfGroup(rule.groups, group)) return false;
  if (jd - firstJd > (rule.withinDays ?? Infinity)) return false;
  if (rule.when === 'accepted') return isDetection && isFirst;
  if (rule.when === 'detection') return isDetection;
  return isOfResults(rule, happening) && (!('holds' in rule.when) || happening.holds(rule.name) === true);
}

/** True where the results that a rule waits for, or the first of them, have just come. */
export function isOfResults(
  { when }: ReactionRule,
  { isDetection, results }: Pick<Happening, 'isDetection' | 'results'>,
): boolean {
  if (typeof when === 'string') return false;
  if ('result' in when) return results.includes(when.result);
  return when.units.length === 0 ? isDetection : when.units.some((unit) => results.includes(unit));
}

function deadlineOf(rule: ReactionRule, happening: Happening): Deadline {
  const { channel, channelHash, stock, alertId, jd, link } = happening;
  const { atMost } = rule;
  const once = `${channel.name}/${rule.name}/${stock}`;
  const isOnce = rule.when !== 'detection' && (atMost ?? 1) === 1;
  return {
    key: isOnce ? once : `${once}/${alertId}`,
    channel: channel.name,
    channelHash,
    rule: rule.name,
    alertId,
    setJd: jd,
    link,
    dueJd: jd + rule.afterDays,
    ...(rule.unless === 'detection' && { unless: rule.unless }),
    ...(!isOnce && atMost !== undefined && { atMost }),
  };
}
