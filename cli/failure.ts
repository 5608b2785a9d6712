import { CommanderError } from 'commander';
import { ServerError } from '../servers/server-error.js';
import { SetupProblem } from '../units/setup-problem.js';
import { CliError } from './cli-error.js';

/** How the program ends: its exit status and what it says on stderr. */
export interface Failure {
  readonly status: 0 | 1 | 2 | 3 | 4;
  readonly message: string;
}

/** What an error of any command means for who called it; `debug` adds where an unexpected one came from. */
export function failureOf(error: unknown, debug: boolean): Failure {
  if (error instanceof CommanderError) {
    // Help and version come this way too; commander has printed what there is to say.
    return { status: error.exitCode === 0 ? 0 : 2, message: '' };
  }
  if (error instanceof CliError) return { status: error.exitCode, message: lines(error.message, error.hint) };
  if (error instanceof ServerError) return { status: 4, message: lines(error.message, error.hint) };
  if (error instanceof SetupProblem) return { status: 2, message: lines(error.message, undefined) };
  if (isBrokenPipe(error)) return { status: 0, message: '' };
  const message = error instanceof Error ? error.message : String(error);
  const stack = debug && error instanceof Error ? error.stack : undefined;
  return { status: 1, message: lines(message, stack) };
}

/** The reader of our output has seen enough: `ampel inspect … | head`. */
export function isBrokenPipe(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'EPIPE';
}

function lines(message: string, more: string | undefined): string {
  return `error: ${message}\n${more === undefined ? '' : `${more}\n`}`;
}
