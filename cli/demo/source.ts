import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CliError } from '../cli-error.js';
import { requirePath } from '../existing-path.js';
import { download, isUrl } from './download.js';
import { simulateNights, type NightsOptions } from './nights.js';
import type { Sighting } from './score.js';
import type { Steps } from './steps.js';

/** Nights to read. */
export interface Nights {
  readonly paths: readonly string[];
  /** Number of alerts, where it is known. */
  readonly alerts?: number;
  /** What the objects are: of simulated nights only. */
  readonly sightings?: readonly Sighting[];
}

/** Where the nights come from: paths and addresses, or a simulation. */
export type NightsSource = { readonly from: readonly string[] } | NightsOptions;

/** Throws `CliError` (wrong input) where a path is not there: to be asked before anything is started. */
export async function requireSource(source: NightsSource): Promise<void> {
  if (!('from' in source)) return;
  for (const path of source.from) if (!isUrl(path)) await requirePath(path);
}

/** Gets the nights, into `folder` where they are not on this machine yet. Throws `CliError`. */
export async function getNights(source: NightsSource, folder: string, steps: Steps): Promise<Nights> {
  if ('from' in source) return { paths: await fetchNights(source.from, folder, steps) };
  const { nights, seed, alertsPerNight } = source;
  steps.begin('nights', `simulating ${nights} nights of a sky survey, seed ${seed}`);
  const ownFolder = join(folder, `seed-${seed}-nights-${nights}-alerts-${alertsPerNight}`);
  await mkdir(ownFolder, { recursive: true });
  // More than there will be: a cloudy night has fewer.
  const bar = steps.count('alerts', nights * alertsPerNight);
  try {
    return await simulateNights(source, ownFolder, (written) => {
      bar.update(written);
    });
  } catch (error) {
    throw error instanceof RangeError ? new CliError(error.message, 2, 'See ampel demo --help.') : error;
  } finally {
    bar.end();
  }
}

async function fetchNights(from: readonly string[], folder: string, steps: Steps): Promise<string[]> {
  const paths: string[] = [];
  for (const source of from) {
    if (!isUrl(source)) {
      paths.push(source);
      continue;
    }
    steps.begin('nights', `downloading ${source}`);
    await mkdir(folder, { recursive: true });
    paths.push(await download(source, folder, steps.report));
  }
  return paths;
}
