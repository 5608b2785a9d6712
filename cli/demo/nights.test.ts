import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { readArchive } from '../../streams/archive/archive.js';
import { simulateNights, type SimulatedNights } from './nights.js';
import { isWanted } from './score.js';

let folder: string;
let simulated: SimulatedNights;
const counts: number[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ampel-demo-nights-'));
  simulated = await simulateNights({ nights: 6, seed: 1, alertsPerNight: 300 }, folder, (written) => {
    counts.push(written);
  });
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the simulated nights of the demo', () => {
  it('are a tar a night with all alerts, without the nights that were lost to weather', async () => {
    let alerts = 0;
    for await (const packet of readArchive(simulated.paths)) if ('record' in packet) alerts++;
    expect(alerts).toBe(simulated.alerts);
    expect(simulated.paths.map((path) => basename(path))).toEqual((await readdir(folder)).sort());
    expect(simulated.paths.length).toBeLessThan(6);
  });

  it('count as they are written, over all nights', () => {
    expect(counts).toEqual(Array.from({ length: simulated.alerts }, (_, index) => index + 1));
  });

  it('know of each object how many alerts it had', () => {
    const { sightings, alerts } = simulated;
    expect(sightings.every((sighting) => sighting.alerts > 0)).toBe(true);
    expect(sightings.reduce((sum, sighting) => sum + sighting.alerts, 0)).toBe(alerts);
  });

  it('tell supernovae that rise in them from those that shone before', () => {
    const transients = simulated.sightings.filter(({ class: kind }) => isWanted(kind));
    const fresh = transients.filter(({ isNew }) => isNew);
    expect(fresh.length).toBeGreaterThan(0);
    // A supernova is seen for months, so that few of those of a week are new.
    expect(fresh.length).toBeLessThan(transients.length / 2);
  });
});
