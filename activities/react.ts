import { ruleNamed } from '../model/channel.js';
import type { ReactOutcome, ReactRequest } from '../model/transient.js';
import { calledOffBecause } from './called-off.js';
import { carryOut, type ReactDeps } from './carry-out.js';
import { channelRef } from './channel-revisions.js';
import { draftOf } from './draft.js';
import { occasionOf } from './occasion.js';
import { refusal } from './reaction-failure.js';
import { ReactionRecord, type ReactionSubject } from './reaction-record.js';

/**
 * Carries out one reaction to an object. The intent is written before anything is sent; key and message stay the same over every
 * retry. An attempt that finds that another one has begun to send asks the receiver before it sends itself, or leaves that to a
 * person.
 */
export async function react(deps: ReactDeps, request: ReactRequest): Promise<ReactOutcome> {
  const { deadline, approval } = request;
  const { store, registry } = deps;
  const ready = await deps.revisions.get(
    channelRef({ channel: { name: deadline.channel }, hash: deadline.channelHash }),
  );
  const rule = ruleNamed(ready.channel, deadline.rule);
  if (rule === undefined) {
    await store.deadlines.deleteOne({ _id: deadline.key });
    throw refusal(`${ready.ref} has no rule ${deadline.rule}`);
  }
  const unit = registry.t3(rule.unit);
  const config = unit.config.parse(rule.config);
  const because = await calledOffBecause(store, request, ready, rule);
  const occasion = because === undefined ? await occasionOf(store, request, ready, rule) : undefined;
  const draft = occasion
    ? await draftOf(store, ready, rule, () => unit.compose(occasion, config))
    : { state: 'called off' as const, ...(because !== undefined && { because }) };
  const subject = subjectOf(request);
  const record = new ReactionRecord(store, subject, rule);
  const document = await record.intend(draft);
  await store.deadlines.deleteOne({ _id: deadline.key });
  const { problem } = 'problem' in draft ? draft : { problem: undefined };
  return carryOut({
    ...{ deps, subject, rule, ready, unit, config, record, document, problem },
    ...(approval !== undefined && { approval }),
  });
}

function subjectOf({ objectId, stock, deadline }: ReactRequest): ReactionSubject {
  const { key, channel, channelHash, rule, alertId, link, setJd, dueJd } = deadline;
  return {
    ...{ key, name: `${objectId} ${stock}`, channel, channelHash, rule, dueJd },
    of: { objectId, stock, alertId, link, setJd },
    journal: () => [{ objectId, stock, alertId, link }],
  };
}
