/**
 * Runs the tests: `node test/run.mjs [--quick | --kill | --record-histories] [arguments for jest]`.
 * Ends with the line `N passed, N failed`; exit status 1 where anything failed or nothing ran.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import bundleWorkflows from './workflow-bundle.setup.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
const config = join(root, 'jest.config.js');
let runCount = 0;

const MINUTE_MS = 60_000;
/** Limits far above what any run takes: one that hangs fails, and has said where it was. */
const quick = { projects: ['unit', 'replay'], flags: ['--maxWorkers=2'], limitMs: 10 * MINUTE_MS };
/**
 * A process for each file, one at a time: each starts servers, timers of starved workflows fall late, and a file that
 * leaves something running in its process disturbs no other.
 */
const servers = { projects: ['workflows', 'e2e'], eachFile: true, limitMs: 10 * MINUTE_MS };
const runs = {
  '--quick': [quick],
  '--kill': [{ projects: ['kill'], eachFile: true, limitMs: 120 * MINUTE_MS }],
  '--record-histories': [{ projects: ['record'], eachFile: true, limitMs: 10 * MINUTE_MS }],
};

const args = process.argv.slice(2);
const choice = args.find((arg) => arg in runs);
const forJest = args.filter((arg) => arg !== choice);
const patternCount = forJest.findIndex((arg) => arg.startsWith('-'));
const options = patternCount < 0 ? [] : forJest.slice(patternCount);

console.error(`Node ${process.version}`);
const scratch = mkdtempSync(join(tmpdir(), 'ampel-tests-'));
try {
  const results = [];
  for (const suites of runs[choice] ?? [quick, servers]) results.push(...(await runSuites(suites)));
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const nothingRan = sum('passed') + sum('failed') === 0;
  if (nothingRan) console.error('No test ran, which counts as a failure.');
  const failed = nothingRan ? 1 : sum('failed');
  const skipped = sum('skipped');
  console.log(`${sum('passed')} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  process.exitCode = failed > 0 ? 1 : 0;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}

async function runSuites({ projects, eachFile = false, flags = [], limitMs }) {
  if (!eachFile) return [runJest(projects, [...flags, ...forJest], limitMs)];
  const files = filesOf(projects);
  // Once for all: every process inherits where it is.
  if (files.length > 0) await bundleWorkflows();
  const each = ['--runInBand', '--forceExit', ...options, '--runTestsByPath'];
  return files.map((file) => runJest(projects, [...each, file], limitMs));
}

/** The test files of some projects that jest would run, those of the workflows first: they tell most in least time. */
function filesOf(projects) {
  const args = [jest, '--config', config, '--listTests', '--json', ...forJest, '--selectProjects', ...projects];
  const { stdout } = spawnSync(process.execPath, args, { ...environment(), encoding: 'utf8' });
  const place = (file) => projects.findIndex((name) => file.startsWith(join(root, 'test', name)));
  return JSON.parse(stdout).sort((a, b) => place(a) - place(b) || a.localeCompare(b));
}

function runJest(projects, args, limitMs) {
  const outputFile = join(scratch, `${++runCount}.json`);
  const reporters = ['default', join(root, 'test', 'announce.mjs')].map((name) => `--reporters=${name}`);
  const report = ['--json', `--outputFile=${outputFile}`, ...reporters, '--passWithNoTests'];
  const { status, error } = spawnSync(
    process.execPath,
    [jest, '--config', config, ...report, ...args, '--selectProjects', ...projects],
    { ...environment(), stdio: ['ignore', 'ignore', 'inherit'], timeout: limitMs, killSignal: 'SIGKILL' },
  );
  if (error !== undefined) console.error(`${args.at(-1) ?? projects.join(', ')}: ${error.message}`);
  const { passed, failed, skipped } = counts(outputFile);
  // Jest can fail without a failed test: a global setup that throws, a bad argument, a crash.
  return { passed, failed: failed || (status === 0 ? 0 : 1), skipped };
}

/** Dates that depend on the zone of the machine would differ from the recorded ones. */
function environment() {
  const flags = '--experimental-vm-modules --disable-warning=ExperimentalWarning';
  const nodeOptions = `${process.env.NODE_OPTIONS ?? ''} ${flags}`.trim();
  return { cwd: root, env: { ...process.env, TZ: 'UTC', NODE_OPTIONS: nodeOptions } };
}

/** A file that cannot run has no tests to count, so it counts as one that failed. */
function counts(outputFile) {
  try {
    const result = JSON.parse(readFileSync(outputFile, 'utf8'));
    return {
      passed: result.numPassedTests,
      failed: result.numFailedTests + result.numRuntimeErrorTestSuites,
      skipped: result.numPendingTests + result.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}
