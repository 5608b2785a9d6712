import { z } from 'zod';
import type { Alert } from '../model/alert.js';
import type { Datapoint } from '../model/datapoint.js';
import { stateLink } from '../model/state-link.js';
import { parseWriterSchema } from '../streams/avro/writer-schema.js';
import type { Packet } from '../streams/packet.js';
import type { Survey } from '../streams/survey.js';
import { ztf } from '../streams/ztf/survey.js';
import { testRegistry } from '../test/ready-channel.js';
import { defineFilter, defineT2, defineTiedT2, type T2Unit } from '../units/define.js';
import { NO_CLIENTS } from '../units/no-clients.js';
import { webhookReaction } from '../units/t3/webhook-reaction.js';
import { filterLines, t2Lines, t3Lines, type T2Tools } from './unit-lines.js';

const JD = 2458270.9;

function detection(id: string, jd: number): Datapoint {
  const body = { jd, rcid: 12, rb: 0.9, magpsf: 18.5, sigmapsf: 0.1, programid: 1 };
  return { id, kind: 'detection', jd, band: 'r', tags: ['ZTF', 'ZTF_PUB', 'ZTF_R'], body };
}

const alert: Alert = {
  survey: 'ztf',
  alertId: '516401801315010009',
  objectId: 'ZTF18aaxloth',
  stock: '171419985',
  jd: JD,
  position: { ra: 10, dec: 20 },
  candidate: { jd: JD, rb: 0.9, programid: 1 },
  datapoints: [detection('516401801315010009', JD), detection('515', JD - 1), detection('517', JD + 1)],
};

/** A packet that holds this alert, without Avro. */
const survey: Survey = {
  ...ztf,
  readAlert: () => alert,
  screenReader: (fields) => () => {
    const wanted = Object.entries(alert.candidate).filter(([name]) => fields.candidate.includes(name));
    const { alertId, objectId, jd } = alert;
    return { alertId, objectId, jd, view: () => ({ objectId, candidate: Object.fromEntries(wanted), history: [] }) };
  },
};
const schema = parseWriterSchema('{"type":"record","name":"alert","fields":[]}');
const packet: Packet = { partition: 'archive', offset: 0, place: 'night.tar/1.avro', schema, record: Buffer.alloc(0) };

function realFilter(declared: string[]): Parameters<typeof filterLines>[0] {
  return defineFilter({
    ...{ name: 'RealFilter', version: '1.0.0', summary: 'Real.', config: z.strictObject({}) },
    reads: { candidate: declared, history: [] },
    reasons: { rb: 'not real' },
    run: ({ candidate: { rb } }) => (Number(rb) > 0.5 ? { accepted: true } : { accepted: false, reason: 'rb' }),
  });
}

function toolsWith(...units: readonly T2Unit[]): T2Tools {
  return { registry: testRegistry(...units), clients: NO_CLIENTS.clients };
}

describe('one unit on one alert', () => {
  it('is a verdict for a filter', () => {
    const line = filterLines(realFilter(['rb']), {})(packet, survey);
    expect(line).toEqual({ alertId: '516401801315010009', objectId: 'ZTF18aaxloth', jd: JD, accepted: true });
  });

  it('finds out that a filter reads a field that a stream would not decode for it', () => {
    expect(() => filterLines(realFilter([]), {})(packet, survey)).toThrow(
      'RealFilter reads more than it declares: {"accepted":true} on the whole alert, ' +
        '{"accepted":false,"reason":"rb"} on the fields of "reads"',
    );
  });

  it('is computed by a T2 unit from the state at the alert, without what came later', async () => {
    const unit = defineT2({
      ...{ name: 'T2Count', version: '2.1.0', summary: 'Counts.', config: z.strictObject({}), cost: 'light' },
      input: 'lightCurve',
      result: z.object({ ids: z.array(z.string()) }),
      run: ({ datapoints }) => ({ ids: datapoints.map(({ id }) => id) }),
    });
    const state = String(stateLink(['515', '516401801315010009']));
    expect(await t2Lines(unit, {}, toolsWith(unit))(packet, survey)).toEqual({
      ...{ alertId: '516401801315010009', objectId: 'ZTF18aaxloth', unit: 'T2Count', version: '2.1.0', state },
      result: { ids: ['515', '516401801315010009'] },
    });
  });

  it('is refused where a T2 unit gives another result than it declares', async () => {
    const unit = defineT2({
      ...{ name: 'T2Mean', version: '1.0.0', summary: 'Mean.', config: z.strictObject({}), cost: 'light' },
      input: 'lightCurve',
      result: z.object({ mean: z.number() }),
      run: () => ({ mean: Number.NaN }),
    });
    await expect(t2Lines(unit, {}, toolsWith(unit))(packet, survey)).rejects.toThrow(
      /^T2Mean: T2Mean gave a result other than it declares: found NaN, .* at mean \(bad result\)$/,
    );
  });

  it('is computed by a tied unit from what the unit that it needs makes of the same state', async () => {
    const facts = { version: '1.0.0', summary: 'Counts.', config: z.strictObject({}), cost: 'light' } as const;
    const count = defineT2({
      ...{ ...facts, name: 'T2Count', input: 'lightCurve', result: z.number() },
      run: ({ datapoints }) => datapoints.length,
    });
    const double = defineTiedT2({
      ...{ ...facts, name: 'T2Double', input: 'lightCurve', result: z.number() },
      needs: [{ unit: 'T2Count', of: 'same' }],
      run: (_, __, { T2Count = [] }) => 2 * Number(T2Count[0]?.body),
    });
    expect((await t2Lines(double, {}, toolsWith(count, double))(packet, survey)).result).toBe(4);
  });

  it('is composed by a T3 unit and not sent', () => {
    const config = webhookReaction.config.parse({ url: 'https://example.org/hook' });
    const line = t3Lines(webhookReaction, config)(packet, survey);
    expect(line).toMatchObject({
      unit: 'WebhookReaction',
      message: { object: { name: 'ZTF18aaxloth', ra: 10, dec: 20 }, dueJd: JD, state: { detections: 2 }, results: {} },
    });
  });
});
