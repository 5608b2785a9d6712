import { KafkaError } from './kafka-error.js';
import { topicNames } from './topic-names.js';

const TOPICS = [
  'ztf_20260101_programid1',
  'ztf_20260101_programid2',
  'ztf_20260102_programid1',
  'lsst-alerts-v9.0',
  '__consumer_offsets',
];

describe('the topics of a source', () => {
  it('are the nights of one programme where a pattern says so', () => {
    const { named, among } = topicNames(['/^ztf_\\d{8}_programid1$/']);
    expect(named).toEqual([]);
    expect(among(TOPICS)).toEqual(['ztf_20260101_programid1', 'ztf_20260102_programid1']);
  });

  it('are those that are named, beside those that a pattern means, each once', () => {
    const { named, among } = topicNames(['lsst-alerts-v9.0', '/lsst/', 'not-there']);
    expect(named).toEqual(['lsst-alerts-v9.0', 'not-there']);
    expect(among(TOPICS)).toEqual(['lsst-alerts-v9.0']);
  });

  it("are none of Kafka's own unless named in full", () => {
    expect(topicNames(['/./']).among(TOPICS)).not.toContain('__consumer_offsets');
    expect(topicNames(['__consumer_offsets']).among(TOPICS)).toEqual(['__consumer_offsets']);
  });

  it.each([
    [['/ztf_(/'], 'is no pattern of topics'],
    [['ztf nightly'], 'is no name of a topic'],
    [['/'], 'is no name of a topic'],
    [[''], 'is no name of a topic'],
    [[], 'names no topic'],
  ])('are refused as %j', (topics, words) => {
    const read = (): unknown => topicNames(topics);
    expect(read).toThrow(KafkaError);
    expect(read).toThrow(words);
  });
});
