/**
 * Runs the tests: `node test/run.mjs [--quick | --kill | --record-histories] [arguments for jest]`.
 * Ends with the line `N passed, N failed`; exit status 1 where anything failed or nothing ran.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');

/** Far above what any run takes: a run that hangs fails, and says where it was. */
const LIMIT_MS = { quick: 10 * 60_000, servers: 30 * 60_000, kill: 120 * 60_000 };

const quick = { projects: ['unit', 'replay'], flags: ['--maxWorkers=2'], limitMs: LIMIT_MS.quick };
/** One file at a time: each starts servers, and timers of starved workflows fall late. */
const servers = { projects: ['workflows', 'e2e'], flags: ['--runInBand'], limitMs: LIMIT_MS.servers };
const runs = {
  '--quick': [quick],
  '--kill': [{ projects: ['kill'], flags: ['--runInBand'], limitMs: LIMIT_MS.kill }],
  '--record-histories': [{ projects: ['record'], flags: ['--runInBand'], limitMs: LIMIT_MS.servers }],
};

const args = process.argv.slice(2);
const choice = args.find((arg) => arg in runs);
const forJest = args.filter((arg) => arg !== choice);

console.error(`Node ${process.version}`);
const scratch = mkdtempSync(join(tmpdir(), 'ampel-tests-'));
try {
  const results = (runs[choice] ?? [quick, servers]).map(runJest);
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

function runJest({ projects, flags, limitMs }) {
  const outputFile = join(scratch, `${projects[0]}.json`);
  const reporters = ['default', join(root, 'test', 'announce.mjs')].map((name) => `--reporters=${name}`);
  const report = ['--json', `--outputFile=${outputFile}`, ...reporters, '--passWithNoTests'];
  const { status, error } = spawnSync(
    process.execPath,
    [jest, '--config', join(root, 'jest.config.js'), ...flags, ...report, ...forJest, '--selectProjects', ...projects],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, ...environment() },
      timeout: limitMs,
      killSignal: 'SIGKILL',
    },
  );
  if (error !== undefined) console.error(`${projects.join(', ')}: ${error.message}`);
  const { passed, failed, skipped } = counts(outputFile);
  // Jest can fail without a failed test: a global setup that throws, a bad argument, a crash.
  return { passed, failed: failed || (status === 0 ? 0 : 1), skipped };
}

/** Dates that depend on the zone of the machine would differ from the recorded ones. */
function environment() {
  const flags = '--experimental-vm-modules --disable-warning=ExperimentalWarning';
  return { TZ: 'UTC', NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} ${flags}`.trim() };
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
