import { ApplicationFailure } from '@temporalio/common';
import * as wf from '@temporalio/workflow';
import type { ChannelActivities } from '../model/channel-life.js';
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
    while (run.actual.state !== 'stopped') {
      await wf.condition(() => isDifferent(run));
      await establish(run);
      if (mayContinueAsNew(run)) {
        const { revision: current, state: standing, because: why } = run.actual;
        await wf.continueAsNew<typeof channel>(current, standing, ...(why === undefined ? [] : [why]));
      }
    }
  } catch (error) {
    // A channel that nobody can talk to any more must not go on accepting alerts.
    if (wf.isCancellation(error)) await wf.CancellationScope.nonCancellable(() => setState(run, 'stopped'));
    throw error;
  }
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
