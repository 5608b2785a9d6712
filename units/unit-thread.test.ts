import { loadRegistry } from './registry.js';
import runInThread from './unit-thread.js';

const job = {
  unit: 'T2LightCurveSummary',
  config: {},
  input: { objectId: 'ZTF21abiuvdk', stock: '1', link: '1', datapoints: [] },
  needed: {},
};

describe('a thread of the unit pool', () => {
  it('runs the unit that its worker means', async () => {
    const { version } = (await loadRegistry()).t2(job.unit);
    expect(await runInThread({ job, version })).toEqual({ ok: true, body: { num_detections: 0 } });
  });

  it('computes nothing under the version of another unit: it waits for a worker that was started again', async () => {
    const answer = await runInThread({ job, version: '0.9.0' });
    expect(answer).toMatchObject({ ok: false, failure: 'try again' });
    expect(answer).toHaveProperty(
      'message',
      expect.stringMatching(/start it again: T2LightCurveSummary is of version 1/),
    );
  });

  it('does so too where its worker has a unit that is there no more', async () => {
    const answer = await runInThread({ job: { ...job, unit: 'T2Gone' }, version: '1.0.0' });
    expect(answer).toMatchObject({ failure: 'try again', message: expect.stringContaining('"T2Gone"') as string });
  });
});
