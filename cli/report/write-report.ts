import { writeFile } from 'node:fs/promises';
import { lightCurveSvg } from '../../plots/light-curve.js';
import type { LatestCutouts } from '../../activities/latest-cutouts.js';
import { nightOfJd } from '../../model/julian-date.js';
import { cutoutsSvg } from '../../plots/cutouts.js';
import { BadFits } from '../../plots/fits-image.js';
import { CliError } from '../cli-error.js';
import type { NightReport } from './night-report.js';
import { reportPage, type DrawnCandidate, type Picture } from './page.js';

/** Draws the light curves and writes the page. Throws `CliError` where it cannot be written. */
export async function writeReport(report: NightReport, file: string): Promise<void> {
  const drawn: DrawnCandidate[] = [];
  for (const candidate of report.candidates) {
    const { objectId: name, datapoints, curves, stamps } = candidate;
    const pictures = [
      { title: `light curve of ${name}`, svg: await lightCurveSvg({ name, datapoints, curves }) },
      ...(stamps === undefined ? [] : stampPictures(name, stamps)),
    ];
    drawn.push({ ...candidate, pictures });
  }
  try {
    await writeFile(file, reportPage(report, drawn));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new CliError(`Cannot write to ${file}: ${reason}`, 1, 'Choose another file with --out.');
  }
}

/** None of what is no image: a report is not lost for it. */
function stampPictures(name: string, { alertId, jd, cutouts }: LatestCutouts): Picture[] {
  try {
    const svg = cutoutsSvg({ title: `alert ${alertId}, ${nightOfJd(jd)}`, cutouts });
    return [{ title: `image stamps of ${name}`, svg }];
  } catch (error) {
    if (error instanceof BadFits) return [];
    throw error;
  }
}
