import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pack, type Pack } from 'tar-stream';
import { unixMsOfJd } from '../../model/julian-date.js';
import type { Night, SimulatedAlert } from './survey.js';

export interface NightTarOptions {
  /** Compress it, as ZTF's public archive does; default false. */
  readonly gzip?: boolean;
  /** Called after each alert with the number written so far. */
  readonly onAlert?: (written: number) => void;
}

/**
 * Writes a night as ZTF's public archive has it, `ztf_public_YYYYMMDD.tar` (`.tar.gz`) in `folder` with an entry
 * `<candid>.avro` for each alert, one alert in memory at a time. A night without alerts is a tar without entries.
 * Answers the file's path. Throws the file system's errors.
 */
export async function writeNightTar(folder: string, night: Night, options: NightTarOptions = {}): Promise<string> {
  const path = join(folder, `ztf_public_${night.date}.tar${options.gzip === true ? '.gz' : ''}`);
  const tar = pack();
  const file = createWriteStream(path);
  const written = options.gzip === true ? pipeline(tar, createGzip(), file) : pipeline(tar, file);
  await Promise.all([written, packAlerts(tar, night, options)]);
  return path;
}

async function packAlerts(tar: Pack, night: Night, { onAlert }: NightTarOptions): Promise<void> {
  // The time of the night, not of the simulation: the same survey gives the same files.
  const mtime = new Date(unixMsOfJd(night.jdEnd));
  let count = 0;
  for (const alert of night.alerts) {
    await packAlert(tar, alert, mtime);
    onAlert?.(++count);
  }
  tar.finalize();
}

/** Resolves when the tar has room for more; rejects when its file broke. */
function packAlert(tar: Pack, { fileName, packet }: SimulatedAlert, mtime: Date): Promise<void> {
  return new Promise((resolve, reject) => {
    const entry = tar.entry({ name: fileName, size: packet.length, mtime }, packet, (error) => {
      if (error) reject(error);
      else resolve();
    });
    // A broken file destroys the entry that is being written, too.
    entry.on('error', reject);
  });
}
