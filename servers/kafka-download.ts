import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract } from 'tar-stream';
import { KAFKA_VERSION } from './kafka-jars.js';
import { downloadFile } from './official-download.js';
import type { ReportProgress } from './progress.js';

const ARCHIVE_URL = `https://archive.apache.org/dist/kafka/${KAFKA_VERSION}/kafka_2.13-${KAFKA_VERSION}.tgz`;

/**
 * Fetches the maker's archive and unpacks the named jars of it into `folder`; whoever called checks their sums. Rejects
 * with the reason.
 */
export async function downloadKafka(
  folder: string,
  names: readonly string[],
  onProgress: ReportProgress,
  url = ARCHIVE_URL,
): Promise<void> {
  const archive = join(dirname(folder), 'archive.tgz');
  await downloadFile(url, archive, onProgress);
  const wanted = new Set(names);
  const tar = extract();
  tar.on('entry', (header, stream, next) => {
    const name = basename(header.name);
    if (header.type !== 'file' || !wanted.has(name)) {
      stream.on('end', next).resume();
      return;
    }
    pipeline(stream, createWriteStream(join(folder, name))).then(() => {
      next();
    }, next);
  });
  await pipeline(createReadStream(archive), createGunzip(), tar);
  await rm(archive);
}
