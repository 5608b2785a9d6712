/** The workflows of this source tree, as workflow-bundle.setup.mjs made them: for `Worker.create` and replays. */
export const workflowBundle = { codePath: bundlePath() };

function bundlePath(): string {
  const path = process.env['AMPEL_TEST_WORKFLOW_BUNDLE'];
  if (path === undefined) throw new Error('No workflow bundle: is this suite among those of jest.config.js?');
  return path;
}
