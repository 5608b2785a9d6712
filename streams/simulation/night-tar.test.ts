import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { readArchive } from '../archive/archive.js';
import { isBad } from '../packet.js';
import { ztf } from '../ztf/survey.js';
import { writeNightTar } from './night-tar.js';
import { simulateSurvey, type Night } from './survey.js';

function firstNight(): Night {
  const [night] = simulateSurvey({ seed: 2, nights: 1, alertsPerNight: 60, fields: 6, weather: false });
  if (night === undefined) throw new Error('no night');
  return night;
}

describe('the tar of a night', () => {
  const folder = mkdtempSync(join(tmpdir(), 'night-tar-'));
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it.each([false, true])('is read back like the public archive to the same alerts (gzip: %p)', async (gzip) => {
    const night = firstNight();
    const counts: number[] = [];
    const path = await writeNightTar(folder, night, { gzip, onAlert: (written) => counts.push(written) });
    expect(basename(path)).toBe(`ztf_public_20210701.tar${gzip ? '.gz' : ''}`);
    const found: string[] = [];
    for await (const packet of readArchive([path])) {
      if (isBad(packet)) throw packet.problem;
      found.push(ztf.readAlert(packet).alertId);
    }
    expect(found).toEqual([...night.alerts].map(({ candid }) => candid));
    expect(found.length).toBeGreaterThan(30);
    expect(counts.at(-1)).toBe(found.length);
  });

  it('is the same to the byte each time', async () => {
    const bytes = async (): Promise<Buffer> => readFileSync(await writeNightTar(folder, firstNight()));
    expect((await bytes()).equals(await bytes())).toBe(true);
  });

  it('cannot be written where there is no folder', async () => {
    await expect(writeNightTar(join(folder, 'nowhere'), firstNight())).rejects.toThrow('ENOENT');
  });
});
