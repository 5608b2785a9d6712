import { writeFile } from 'node:fs/promises';
import { lightCurveSvg } from '../../plots/light-curve.js';
import { CliError } from '../cli-error.js';
import type { NightReport } from './night-report.js';
import { reportPage, type DrawnCandidate } from './page.js';

/** Draws the light curves and writes the page. Throws `CliError` where it cannot be written. */
export async function writeReport(report: NightReport, file: string): Promise<void> {
  const drawn: DrawnCandidate[] = [];
  for (const candidate of report.candidates) {
    const { objectId: name, datapoints, curves } = candidate;
    drawn.push({ ...candidate, svg: await lightCurveSvg({ name, datapoints, curves }) });
  }
  try {
    await writeFile(file, reportPage(report, drawn));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(`Cannot write to ${file}: ${reason}`, 1, 'Choose another file with --out.');
  }
}
