import { createHash } from 'node:crypto';
import { simulateSurvey, type SimulatedAlert } from './survey.js';
import type { SurveyOptions } from './options.js';

const SMALL: SurveyOptions = { seed: 7, nights: 3, alertsPerNight: 60, fields: 12 };

function alertsOf(options: SurveyOptions): SimulatedAlert[] {
  return [...simulateSurvey(options)].flatMap((night) => [...night.alerts]);
}

function digest(options: SurveyOptions): string {
  const hash = createHash('sha256');
  for (const { fileName, packet } of alertsOf(options)) hash.update(fileName).update(packet);
  return hash.digest('hex');
}

describe('a simulated survey', () => {
  it('is the same to the byte for the same seed, and another for another', () => {
    expect(digest(SMALL)).toBe(digest(SMALL));
    expect(digest({ ...SMALL, seed: 8 })).not.toBe(digest(SMALL));
  });
});
