import { join } from 'node:path';
import type { FilterInput } from '../../model/alert.js';
import type { Verdict } from '../../model/decision.js';
import { readArchive } from '../../streams/archive/archive.js';
import { lsst } from '../../streams/lsst/survey.js';
import { isBad } from '../../streams/packet.js';
import type { Survey } from '../../streams/survey.js';
import { ztf } from '../../streams/ztf/survey.js';
import { describeWithData, sharedData } from '../../test/shared-data.js';
import { SURVEY_FIELDS } from './survey-fields.js';
import { compileExpression, type CompiledExpression } from './compiled-expression.js';

interface Judged {
  /** What the expression says of the alert as it comes from a stream, and as it comes from the store. */
  readonly verdicts: readonly Verdict[];
  readonly whole: FilterInput;
}

describeWithData('an expression on real alerts, as they are decoded', () => {
  const compiled = (text: string, survey: Survey): CompiledExpression => {
    const fields = SURVEY_FIELDS[survey.name];
    if (fields === undefined) throw new Error(survey.name);
    return compileExpression(text, fields, 'cut');
  };

  async function judgedBy(text: string, survey: Survey, folder: string): Promise<Judged[]> {
    const { judge, reads } = compiled(text, survey);
    const read = survey.screenReader(reads);
    const judged: Judged[] = [];
    for await (const packet of readArchive([join(sharedData, folder)])) {
      if (isBad(packet) || !survey.recognises(packet.schema)) continue;
      const streamed = read(packet).view(survey.access);
      const whole = survey.filterInput(survey.readAlert(packet), survey.access);
      if (streamed !== undefined && whole !== undefined) {
        judged.push({ verdicts: [judge(streamed), judge(whole)], whole });
      }
    }
    return judged;
  }

  const number = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN);

  it.each<[string, Survey, string, (alert: FilterInput) => boolean]>([
    [
      'rb > 0.3 && magpsf < 19',
      ztf,
      'ztf/nights',
      ({ candidate: { rb, magpsf } }) => number(rb) > 0.3 && number(magpsf) < 19,
    ],
    [
      'history.exists(p, has(p.magpsf) && p.magpsf > magpsf + 0.25)',
      ztf,
      'ztf/nights',
      ({ candidate, history }) => history.some(({ magpsf }) => number(magpsf) > number(candidate['magpsf']) + 0.25),
    ],
    ['psfFlux > 2000', lsst, 'lsst/elasticc', ({ candidate: { psfFlux } }) => number(psfFlux) > 2000],
  ])('%s', async (text, survey, folder, isMeant) => {
    const judged = await judgedBy(text, survey, folder);
    const accepted = judged.filter(({ verdicts: [first] }) => first?.accepted === true);
    expect(accepted.length).toBeGreaterThan(0);
    expect(accepted.length).toBeLessThan(judged.length);
    for (const { verdicts, whole } of judged) {
      expect(verdicts.map(({ accepted: isAccepted }) => isAccepted)).toEqual([isMeant(whole), isMeant(whole)]);
      expect(verdicts).not.toContainEqual(expect.objectContaining({ reason: 'error' }));
    }
  });
});
