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
}

/** The reactions that a happening sets off. A rule that fires once for each object has the same key every time. */
export function deadlinesOf(happening: Happening): Deadline[] {
  return happening.channel.t3.filter((rule) => isSetOff(rule, happening)).map((rule) => deadlineOf(rule, happening));
}

function isSetOff(rule: ReactionRule, { isFirst, isDetection, results, group }: Happening): boolean {
  if (!isOfGroup(rule.groups, group)) return false;
  if (rule.when === 'accepted') return isDetection && isFirst;
  if (rule.when === 'detection') return isDetection;
  return results.includes(rule.when.result);
}

function deadlineOf(rule: ReactionRule, happening: Happening): Deadline {
  const { channel, channelHash, stock, alertId, jd, link } = happening;
  const once = `${channel.name}/${rule.name}/${stock}`;
  return {
    key: rule.when === 'detection' ? `${once}/${alertId}` : once,
    channel: channel.name,
    channelHash,
    rule: rule.name,
    alertId,
    setJd: jd,
    link,
    dueJd: jd + rule.afterDays,
    ...(rule.unless === undefined ? {} : { unless: rule.unless }),
  };
}
