import { mkdir, writeFile } from 'node:fs/promises';
import { homedir, hostname, userInfo } from 'node:os';
import { resolve } from 'node:path';
import type { WorkflowHandle } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { replayHistory } from '../../worker/replay.js';
import { workflowBundle } from '../workflow-bundle.js';

const root = resolve(import.meta.dirname, '../..');
const folder = resolve(root, 'test/histories');

/**
 * Replays what a workflow has done: the code must give the same commands again. Where histories are recorded
 * (`npm run histories`) it is kept as `test/histories/<name>.json`; `name` is `<workflow>--<behaviour>`.
 */
export async function replays(name: string, handle: WorkflowHandle): Promise<void> {
  const history = await handle.fetchHistory();
  expect(await replayHistory(history, workflowBundle)).toMatchObject({ ok: true });
  if (process.env['AMPEL_RECORD_HISTORIES'] !== '1') return;
  const recorded: unknown = JSON.parse(historyToJSON(history), withoutStackTrace);
  refuseLocalNames(name, recorded);
  await mkdir(folder, { recursive: true });
  await writeFile(resolve(folder, `${name}.json`), `${JSON.stringify(recorded, null, 2)}\n`);
}

/** Traces name paths of the machine; a replay does not look at them. */
function withoutStackTrace(key: string, value: unknown): unknown {
  return key === 'stackTrace' ? undefined : value;
}

/** Nothing of this machine may stand in the repository, payloads (base64) included. */
function refuseLocalNames(name: string, recorded: unknown): void {
  const text = JSON.stringify(recorded, (key, value: unknown) =>
    key === 'data' && typeof value === 'string' ? Buffer.from(value, 'base64').toString() : value,
  );
  const local = [root, homedir(), hostname(), `${userInfo().username}@`].find((word) => text.includes(word));
  if (local !== undefined) throw new Error(`the history ${name} contains ${local}, which is of this machine only`);
}
