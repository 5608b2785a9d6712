import { createReadStream, createWriteStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { extract, pack } from 'tar-stream';
import { CONTAINER_MAGIC } from '../streams/avro/object-container.js';

/** A tar of the containers, so many times over. */
export async function writeTar(path: string, containers: readonly Buffer[], repeats: number): Promise<void> {
  const tar = pack();
  const written = pipeline(tar, createWriteStream(path));
  for (let i = 0; i < repeats; i++) {
    for (const [n, container] of containers.entries()) {
      await new Promise<void>((done) =>
        tar.entry({ name: `${i}-${n}.avro` }, container, () => {
          done();
        }),
      );
    }
  }
  tar.finalize();
  await written;
}

/** The containers of the real nights, as files. `AMPEL_DATA` names the folder with real data. */
export async function realContainers(): Promise<Buffer[]> {
  const folder = join(process.env['AMPEL_DATA'] ?? '../shared/data', 'ztf/nights');
  const containers: Buffer[] = [];
  for (const name of (await readdir(folder)).filter((file) => file.endsWith('.tar.gz')).sort()) {
    const entries = extract();
    createReadStream(join(folder, name)).pipe(createGunzip()).pipe(entries);
    for await (const entry of entries) {
      const chunks: Buffer[] = [];
      for await (const chunk of entry) if (Buffer.isBuffer(chunk)) chunks.push(chunk);
      const content = Buffer.concat(chunks);
      if (content.subarray(0, 4).equals(CONTAINER_MAGIC)) containers.push(content);
    }
  }
  return containers;
}
