import { findServerBinary } from './binary.js';
import type { ReportProgress } from './progress.js';
import { temporalProgram, temporalTestServerProgram } from './server-program.js';

/**
 * Path of Temporal's time-skipping test server, fetched if need be: for
 * `TestWorkflowEnvironment.createTimeSkipping({ server: { executable: { type: 'existing-path', path } } })`.
 */
export async function temporalTestServerBinary(onProgress?: ReportProgress): Promise<string> {
  return (await findServerBinary(temporalTestServerProgram, { env: process.env, onProgress })).path;
}

/** Path of Temporal's own program, for `TestWorkflowEnvironment.createLocal`. */
export async function temporalBinary(onProgress?: ReportProgress): Promise<string> {
  return (await findServerBinary(temporalProgram, { env: process.env, onProgress })).path;
}
