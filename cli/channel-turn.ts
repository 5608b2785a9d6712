import { Command } from 'commander';
import { setChannelState } from '../activities/channel-life.js';
import type { Store } from '../store/store.js';
import { printLine, printText } from './json-lines.js';
import { timeoutOption } from './timeout-option.js';
import { turn, type Turnable, type TurnSignal } from './turn.js';
import { withServices } from './with-services.js';

/** A command that sends a channel one signal; the caller adds what is said about it. */
export function channelTurnCommand(signal: TurnSignal): Command {
  return new Command(signal)
    .argument('<name>', 'a channel, see "ampel channel list"')
    .addOption(timeoutOption())
    .option('--json', 'print {name, state}')
    .action((name: string, { timeout, json = false }: { readonly timeout: number; readonly json?: boolean }) =>
      withServices(async (services) => {
        const state = await turn(services, channels(services.store), { name, signal, timeoutS: timeout });
        if (json) await printLine({ name, state });
        else await printText(`${name} is ${state}`);
      }),
    );
}

function channels(store: Store): Turnable {
  return {
    kind: 'channel',
    states: { pause: 'paused', resume: 'active', stop: 'stopped' },
    stateOf: async (name) => (await store.channels.findOne({ _id: name }))?.state,
    names: async () => (await store.channels.find().toArray()).map(({ _id }) => _id),
    markStopped: (name) => setChannelState(store, name, 'stopped'),
  };
}
