import * as wf from '@temporalio/workflow';
import type { ChannelActivities } from '../model/channel-life.js';
import type { ChannelRevision } from '../model/channel.js';
import { searchAttribute } from './search-attributes.js';

// ---------------------------------------------------------------- messages

/** No alerts are screened for the channel until it is resumed; objects that it follows wait too. */
export const pauseChannelSignal = wf.defineSignal('pause');
export const resumeChannelSignal = wf.defineSignal('resume');
/** Ends the channel; what it decided stays. */
export const stopChannelSignal = wf.defineSignal('stop');
export const channelStateQuery = wf.defineQuery<{ state: ChannelState; hash: string; version: string }>('state');

type ChannelState = 'active' | 'paused' | 'stopped';

const { activateChannel, setChannelState } = wf.proxyActivities<ChannelActivities>({
  startToCloseTimeout: '30s',
  retry: { initialInterval: '500ms', maximumInterval: '30s' },
});

/** One channel, from its start until it is stopped. The revision stands in the history: it is what was asked for. */
export async function channel(revision: ChannelRevision): Promise<void> {
  let state = 'active' as ChannelState;
  let wanted = 'active' as ChannelState;
  wf.setHandler(pauseChannelSignal, () => void (wanted = wanted === 'stopped' ? wanted : 'paused'), {
    description: 'Screen no alerts for the channel',
  });
  wf.setHandler(resumeChannelSignal, () => void (wanted = wanted === 'stopped' ? wanted : 'active'), {
    description: 'Screen alerts for the channel again',
  });
  wf.setHandler(stopChannelSignal, () => void (wanted = 'stopped'), {
    description: 'End the channel; what it decided stays',
  });
  wf.setHandler(channelStateQuery, () => ({ state, hash: revision.hash, version: revision.channel.version }));

  const { name, version } = revision.channel;
  await activateChannel.executeWithOptions({ summary: `activate ${name} ${version}` }, [revision]);
  while (state !== 'stopped') {
    await wf.condition(() => wanted !== state);
    state = wanted;
    wf.upsertSearchAttributes([{ key: searchAttribute.stage, value: state }]);
    await setChannelState.executeWithOptions({ summary: `${name} is ${state}` }, [name, state]);
  }
}
