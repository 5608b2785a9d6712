import type { DecideOutcome, DecideRequest } from '../model/transient.js';
import type { Store } from '../store/store.js';
import { surveyNamed } from '../streams/surveys.js';
import type { ChannelRevisions } from './channel-revisions.js';
import { DecisionStep } from './decision-step.js';
import { DecisionWrites } from './decision-writes.js';
import { readKnown } from './known-object.js';
import { settledKeys } from './set-off.js';
import { currentTrace } from './trace.js';

/**
 * T0, T1 and light T2 of some alerts of one object, in their order. Computed from what is stored up to each alert and
 * written by keys, so that running it again, at any time, gives the same documents and the same outcome.
 */
export async function decide(
  store: Store,
  revisions: ChannelRevisions,
  request: DecideRequest,
): Promise<DecideOutcome> {
  const survey = surveyNamed(request.survey);
  const refs = [...new Set(request.detections.flatMap(({ channels }) => channels))];
  const ready = new Map(await Promise.all(refs.map(async (ref) => [ref, await revisions.get(ref)] as const)));
  const known = await readKnown(store, request, [...ready.values()]);
  const settled = request.settled ?? (await settledKeys(store, request.stock));
  const step = new DecisionStep(request, survey, known, settled, new DecisionWrites(store, request, currentTrace()));
  for (const detection of request.detections) {
    await step.advance(
      detection,
      detection.channels.flatMap((ref) => ready.get(ref) ?? []),
    );
  }
  await step.writes.flush(step.pending, step.waited);
  return step.outcome();
}
