import { ApplicationFailure } from '@temporalio/common';
import * as wf from '@temporalio/workflow';
import type { ChannelActivities, ScheduledRule } from '../model/channel-life.js';
import type { ChannelRevision } from '../model/channel.js';
import { searchAttribute } from './search-attributes.js';

// ---------------------------------------------------------------- messages

/** No alerts are screened for the channel until it is resumed; objects that it follows wait too. With the reason, where no person asks. */
export const pauseChannelSignal = wf.defineSignal<[string?]>('pause');
export const resumeChannelSignal = wf.defineSignal('resume');
/** Ends the channel; what it decided stays. */
export const stopChannelSignal = wf.defineSignal('stop');
/** Takes another revision from the next batch on, or from when the channel is resumed. Answers its hash. */
export const reviseChannelUpdate = wf.defineUpdate<string, [ChannelRevision]>('revise');
export const channelStateQuery = wf.defineQuery<ChannelStatus>('state');

export interface ChannelStatus {
  readonly state: ChannelState;
  /** Of the revision that is active. */
  readonly hash: string;
  readonly version: string;
  readonly because?: string;
}

export type ChannelState = 'active' | 'paused' | 'stopped';

/** Synchronous, because the SDK does not wait for a validator: a rejected promise would let the update through. */
function validateRevision({ wanted }: Run, { channel: { name }, hash }: ChannelRevision): void {
  const current = wanted.revision;
  if (wanted.state === 'stopped') throw refused(`channel ${name} is stopped`);
  if (name !== current.channel.name) throw refused(`this is channel ${current.channel.name}, not ${name}`);
  if (hash === current.hash) throw refused(`channel ${name} has this revision already`);
}

function refused(message: string): ApplicationFailure {
  return ApplicationFailure.nonRetryable(message, 'RevisionRefused');
}

// ---------------------------------------------------------------- activities and limits

const { activateChannel, setChannelState } = wf.proxyActivities<ChannelActivities>({
  // Two small writes.
  startToCloseTimeout: '30s',
  // Without limit: what a person asked for happens when the store is back.
  retry: { initialInterval: '500ms', maximumInterval: '30s' },
});

const { keepSchedules } = wf.proxyActivities<ChannelActivities>({
  // A few calls to Temporal for each rule.
  startToCloseTimeout: '2 minutes',
  retry: { initialInterval: '1s', maximumInterval: '1 minute' },
});

/** A channel that is paused every morning makes 20 events a day; replay stays under a tenth of a second. */
const MAX_HISTORY_EVENTS = 300;

interface Standing {
  state: ChannelState;
  /** Why it is paused, where no person has asked. */
  because?: string;
  revision: ChannelRevision;
}

interface Run {
  /** What was asked for. */
  readonly wanted: Standing;
  /** What holds in the store. */
  readonly actual: Standing;
  /** The schedules have to be made anew after so long (ms). */
  renewMs?: number;
}

// ---------------------------------------------------------------- workflow

/**
 * One channel, from its start until it is stopped. The revision stands in the history: it is what was asked for.
 * `state` and `because` are what a run hands to the next; undefined at the start.
 */
export async function channel(revision: ChannelRevision, state?: ChannelState, because?: string): Promise<void> {
  const run: Run = {
    wanted: { state: state ?? 'active', revision, ...(because !== undefined && { because }) },
    actual: { state: state ?? 'active', revision, ...(because !== undefined && { because }) },
  };
  handleMessages(run);
  try {
    if (state === undefined) await activate(run, revision);
    await schedule(run, revision);
    while (run.actual.state !== 'stopped') {
      const before = run.actual.revision;
      if (await isAskedFor(run)) await establish(run);
      await schedule(run, before);
      if (mayContinueAsNew(run)) {
        const { revision: current, state: standing, because: why } = run.actual;
        await wf.continueAsNew<typeof channel>(current, standing, ...(why === undefined ? [] : [why]));
      }
    }
  } catch (error) {
    // A channel that nobody can talk to any more must not go on accepting alerts.
    if (wf.isCancellation(error)) await wf.CancellationScope.nonCancellable(() => abandon(run));
    throw error;
  }
}

async function abandon(run: Run): Promise<void> {
  await setState(run, 'stopped');
  run.actual.state = 'stopped';
  await schedule(run, run.actual.revision);
}

/** False where nothing was asked for until the schedules have to be made anew. */
async function isAskedFor(run: Run): Promise<boolean> {
  if (run.renewMs !== undefined) return await wf.condition(() => isDifferent(run), run.renewMs);
  await wf.condition(() => isDifferent(run));
  return true;
}

/** A revision that comes while the channel is paused waits until it is resumed. */
function isDifferent({ wanted, actual }: Run): boolean {
  return wanted.state !== actual.state || (wanted.state === 'active' && wanted.revision !== actual.revision);
}

/** Only where all that was asked for is done: there is nothing else to hand over. */
function mayContinueAsNew({ wanted, actual }: Run): boolean {
  const isDone = wanted.state === actual.state && wanted.revision === actual.revision;
  return isDone && actual.state !== 'stopped' && wf.workflowInfo().historyLength > MAX_HISTORY_EVENTS;
}

// ---------------------------------------------------------------- handlers: they only note what is wanted

function handleMessages(run: Run): void {
  const { wanted, actual } = run;
  const turnTo = (state: ChannelState) => (): void => {
    if (wanted.state === 'stopped') return;
    wanted.state = state;
    if (state !== 'paused') delete wanted.because;
  };
  wf.setHandler(
    pauseChannelSignal,
    (because) => {
      // What a person has asked for is not given another reason.
      if (typeof because === 'string' && wanted.state === 'active') wanted.because = because;
      turnTo('paused')();
    },
    { description: 'Screen no alerts for the channel' },
  );
  wf.setHandler(resumeChannelSignal, turnTo('active'), { description: 'Screen alerts for the channel again' });
  wf.setHandler(stopChannelSignal, turnTo('stopped'), { description: 'End the channel; what it decided stays' });
  wf.setHandler(
    reviseChannelUpdate,
    (revision) => {
      wanted.revision = revision;
      return revision.hash;
    },
    {
      description: 'Take another revision of the channel: {channel, hash}',
      validator: (revision: ChannelRevision) => {
        validateRevision(run, revision);
      },
    },
  );
  wf.setHandler(channelStateQuery, () => {
    const { hash, channel } = actual.revision;
    const { state, because } = actual;
    return { state, hash, version: channel.version, ...(because !== undefined && { because }) };
  });
}

// ---------------------------------------------------------------- loop

async function establish(run: Run): Promise<void> {
  const { wanted, actual } = run;
  const { state, revision, because } = wanted;
  if (state === 'active' && revision !== actual.revision) await activate(run, revision);
  else await setState(run, state);
  if (state !== actual.state) wf.upsertSearchAttributes([{ key: searchAttribute.stage, value: state }]);
  actual.state = state;
  if (because === undefined) delete actual.because;
  else actual.because = because;
}

async function setState({ wanted, actual }: Run, state: ChannelState): Promise<void> {
  const { name } = actual.revision.channel;
  const { because } = wanted;
  if (state !== 'paused' || because === undefined) {
    await setChannelState.executeWithOptions({ summary: `${name} is ${state}` }, [name, state]);
    return;
  }
  await setChannelState.executeWithOptions({ summary: `${name} is paused: ${because}` }, [name, state, because]);
}

/** Makes a revision active, and the channel with it. */
async function activate({ actual }: Run, revision: ChannelRevision): Promise<void> {
  const { name, version } = revision.channel;
  await activateChannel.executeWithOptions({ summary: `activate ${name} ${version}` }, [revision]);
  actual.revision = revision;
}

/** Temporal's schedules follow the channel's periodic rules. `former` is the revision that was active before. */
async function schedule(run: Run, former: ChannelRevision): Promise<void> {
  const { state, revision } = run.actual;
  const { name, periodic = [] } = revision.channel;
  const had = (former.channel.periodic ?? []).map((rule) => rule.name);
  delete run.renewMs;
  if (periodic.length === 0 && had.length === 0) return;
  const rules = state === 'stopped' ? [] : periodic.map((rule) => scheduledRule(rule));
  const summary = `schedules of ${name}: ${rules.map((rule) => rule.name).join(', ') || 'none'}`;
  const order = { channel: name, channelHash: revision.hash, rules, former: had, isPaused: state === 'paused' };
  const { renewMs } = await keepSchedules.executeWithOptions({ summary }, [order]);
  if (renewMs !== undefined) run.renewMs = renewMs;
}

function scheduledRule({ name, unit, times, overlap, catchUpMinutes }: ScheduledRule): ScheduledRule {
  return { name, unit, times, overlap, catchUpMinutes };
}
