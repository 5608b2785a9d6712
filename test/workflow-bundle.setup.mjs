/**
 * Jest's global setup for suites that run workflows: bundles them once from source, so that no suite tests a stale
 * build or bundles again. JavaScript, because Jest cannot load TypeScript here in ESM mode.
 */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));
const codePath = fileURLToPath(new URL('../node_modules/.cache/ampel-temporal/workflow-bundle.js', import.meta.url));

export default async function bundleWorkflows() {
  // Every Jest project asks for it.
  if (process.env.AMPEL_TEST_WORKFLOW_BUNDLE === codePath) return;
  const { code } = await bundleWorkflowCode({ workflowsPath, logger: new DefaultLogger('WARN') });
  mkdirSync(dirname(codePath), { recursive: true });
  writeFileSync(`${codePath}.${process.pid}`, code);
  renameSync(`${codePath}.${process.pid}`, codePath);
  process.env.AMPEL_TEST_WORKFLOW_BUNDLE = codePath;
}
