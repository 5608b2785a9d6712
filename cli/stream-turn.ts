import { Command } from 'commander';
import { streamTotals } from '../store/stream-positions.js';
import { printLine, printText } from './json-lines.js';
import { readStreamIfAny, streamNames } from './shown-stream.js';
import { timeoutOption } from './timeout-option.js';
import { turn, type Turnable, type TurnSignal } from './turn.js';
import { withServices, type Services } from './with-services.js';

/** A command that sends a stream one signal; the caller adds what is said about it. */
export function streamTurnCommand(signal: TurnSignal): Command {
  return new Command(signal)
    .argument('<name>', 'a stream, see "ampel stream list"')
    .addOption(timeoutOption())
    .option('--json', 'print {name, state, position}')
    .action((name: string, { timeout, json = false }: { readonly timeout: number; readonly json?: boolean }) =>
      withServices(async (services) => {
        const { store } = services;
        const state = await turn(services, streams(services), { name, signal, timeoutS: timeout });
        const { position } = await streamTotals(store, name);
        if (json) await printLine({ name, state, position });
        else await printText(`${name} is ${state}, position ${position}`);
      }),
    );
}

function streams(services: Services): Turnable {
  const { store } = services;
  return {
    kind: 'stream',
    states: { pause: 'paused', resume: 'running', stop: 'stopped' },
    // A stream that was started again may still have the end of its last run in the store.
    stateOf: async (name) => (await readStreamIfAny(services, name))?.state,
    names: () => streamNames(services),
    markStopped: async (name) => {
      await store.streams.updateOne({ _id: name }, { $set: { state: 'stopped', at: new Date() } });
    },
  };
}
