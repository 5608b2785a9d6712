import { simulateSurvey } from '../../streams/simulation/survey.js';
import { NIGHT_TOPICS, nightTopic, partitionOf, PARTITIONS } from './night-topics.js';

describe('the topics of simulated nights', () => {
  it('are named as ZTF names those of its public survey, which the pattern of the stream means', () => {
    expect(nightTopic('20210702')).toBe('ztf_20210702_programid1');
    expect(new RegExp(NIGHT_TOPICS.slice(1, -1)).test(nightTopic('20210702'))).toBe(true);
  });

  it('have all alerts of an object in the partition of the same number, night after night', () => {
    expect(partitionOf('ztf_20210702_programid1', { objectId: 'ZTF21hjfnqeq' }).replace(/^[^/]+/, '')).toBe(
      partitionOf('ztf_20210705_programid1', { objectId: 'ZTF21hjfnqeq' }).replace(/^[^/]+/, ''),
    );
  });

  it('share a night evenly among their partitions', () => {
    const counts = new Map<string, number>();
    for (const night of simulateSurvey({ nights: 1, seed: 7, alertsPerNight: 400, weather: false })) {
      for (const alert of night.alerts) {
        const partition = partitionOf('night', alert);
        counts.set(partition, (counts.get(partition) ?? 0) + 1);
      }
    }
    const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
    expect(counts.size).toBe(PARTITIONS);
    for (const count of counts.values()) expect(count / total).toBeCloseTo(1 / PARTITIONS, 1);
  });
});
