import { WorkflowNotFoundError } from '@temporalio/client';
import { workflowId } from '../model/workflow-names.js';
import { CliError } from './cli-error.js';
import { noWorker } from './no-worker.js';
import { poll } from './poll.js';
import { unknownName } from './unknown-name.js';
import type { Services } from './with-services.js';

export type TurnSignal = 'pause' | 'resume' | 'stop';

/** A kind of workflow that a person can pause, resume and stop, as the store knows it. */
export interface Turnable {
  readonly kind: 'channel' | 'stream';
  /** The state that each signal leads to. */
  readonly states: Readonly<Record<TurnSignal, string>>;
  readonly stateOf: (name: string) => Promise<string | undefined>;
  readonly names: () => Promise<readonly string[]>;
  /** For one whose workflow was ended from outside, so that it could not say so itself. */
  readonly markStopped: (name: string) => Promise<void>;
}

export interface TurnRequest {
  readonly name: string;
  readonly signal: TurnSignal;
  readonly timeoutS: number;
}

const ENDED = ['stopped', 'finished'];
/** Ends that leave what was asked for undone. */
const BROKEN_OFF = ['failed', 'terminated'];

/**
 * Signals a channel or a stream and waits until the store says that it is in the state asked for, or has ended on its own.
 * Answers that state. Throws `CliError` for a name that is none, for what does not run or fails, and where no worker answers.
 */
export async function turn({ client }: Services, turnable: Turnable, request: TurnRequest): Promise<string> {
  const { kind, states, stateOf } = turnable;
  const { name, signal, timeoutS } = request;
  const wanted = states[signal];
  try {
    await client.workflow.getHandle(workflowId[kind](name)).signal(signal);
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
    return turnWithoutWorkflow(turnable, request);
  }
  const reached = await poll(async () => {
    const state = await stateOf(name);
    const isThere = state !== undefined && [wanted, ...ENDED, ...BROKEN_OFF].includes(state);
    return isThere ? state : undefined;
  }, timeoutS * 1000);
  if (reached === undefined) throw noWorker(`${kind} ${name} is not ${wanted} yet`);
  if (BROKEN_OFF.includes(reached)) {
    throw new CliError(`${kind} ${name} is ${reached}`, 1, `"ampel ${kind} show ${name}" tells more.`);
  }
  return reached;
}

async function turnWithoutWorkflow(turnable: Turnable, { name, signal }: TurnRequest): Promise<string> {
  const { kind, states, stateOf, names, markStopped } = turnable;
  const state = await stateOf(name);
  if (state === undefined) throw unknownName(kind, name, await names(), `ampel ${kind} list`);
  if (signal === 'stop') {
    if (ENDED.includes(state)) return state;
    await markStopped(name);
    return states.stop;
  }
  const hasEnded = ENDED.includes(state) ? state : `${state}, but its workflow was ended from outside`;
  throw new CliError(`${kind} ${name} is ${hasEnded}`, 1, `"ampel ${kind} start" starts it again.`);
}
