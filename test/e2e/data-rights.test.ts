import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CANDIDATE, EARLIER, LIMIT, OBJECT, ztfContainer, type Values, type ZtfPacket } from '../ztf-packet.js';
import { startBroker, type RunningBroker } from './running-broker.js';

const JD = Number(CANDIDATE['jd']);
/** What stands in private points only. */
const SECRETS = {
  ...{ mag: 16.671875, limit: 21.3125, ra: 180.000123 },
  ...{ candid: '671285273115015077', alert: '675285273115015099' },
};
const PRIVATE_POINT: Values = {
  ...{ ...EARLIER, jd: JD - 5, candid: SECRETS.candid, programid: 2 },
  ...{ magpsf: SECRETS.mag, ra: SECRETS.ra, pid: '671285273115' },
};
const PRIVATE_LIMIT: Values = { ...LIMIT, jd: JD - 5.5, diffmaglim: SECRETS.limit, programid: 2, pid: '670285273115' };
const HISTORY = [EARLIER, PRIVATE_POINT, LIMIT, PRIVATE_LIMIT];

const ALERTS: readonly ZtfPacket[] = [
  { history: HISTORY },
  {
    candid: SECRETS.alert,
    candidate: { candid: SECRETS.alert, jd: JD + 2, programid: 2, magpsf: SECRETS.mag, ra: SECRETS.ra },
    history: HISTORY,
  },
  { candid: '676285273115015035', candidate: { candid: '676285273115015035', jd: JD + 3 }, history: HISTORY },
];

let broker: RunningBroker;
let night: string;

function channelText(name: string, access: string): string {
  const rule = (rule: string, when: string): string =>
    `  - {name: ${rule}, unit: WebhookReaction, when: ${when}, config: {url: "${broker.receiver}"}}\n`;
  return (
    `name: ${name}\nversion: 1.0.0\nstream: ztf\naccess: [${access}]\nt0: {unit: AcceptAllFilter}\nt1: {retro: true}\n` +
    `t2:\n  - unit: T2LightCurveSummary\n  - unit: T2LightCurveFeatures\n` +
    `reactions: { mode: live }\nt3:\n${rule('first', 'accepted')}${rule('each', 'detection')}`
  );
}

/** What of the secrets stands in a text, to the digits that a page for people has. */
function secretsIn(text: string): string[] {
  const told = Object.entries({ ...SECRETS, mag: '16.67', limit: '21.31', ra: '180.00012' });
  return told.flatMap(([name, digits]) => (text.includes(digits) ? [name] : []));
}

beforeAll(async () => {
  broker = await startBroker('rights');
  await broker.startWorker();
  night = join(broker.folder, 'night');
  await mkdir(night);
  for (const [index, alert] of ALERTS.entries()) await writeFile(join(night, `${index}.avro`), ztfContainer(alert));
  for (const [name, access] of [
    ['OPEN', 'ZTF_PUB'],
    ['PARTNER', 'ZTF_PUB, ZTF_PRIV'],
  ] as const) {
    const file = join(broker.folder, `${name}.yaml`);
    await writeFile(file, channelText(name, access));
    expect((await broker.ampel('channel', 'start', file)).status).toBe(0);
  }
  await broker.ampelJson('stream', 'start', 'rights', '--from', night, '--wait');
});

afterAll(() => broker.stop());

/** All documents of a collection in which a channel has a part, as text. */
async function documentsOf(collection: string, channel: string): Promise<string> {
  const found = await broker.db.collection(collection).find({ channels: channel }).toArray();
  expect(found.length).toBeGreaterThan(0);
  const named = found.map((one) => ({ ...one, channels: [channel] }));
  return JSON.stringify(named);
}

const commandOf: Readonly<Record<string, (channel: string) => string[]>> = {
  'the page of the object with its plot': (channel) => ['transient', 'show', OBJECT, '--channel', channel],
  'its picture': (channel) => ['plot', OBJECT, '--channel', channel, '-o', '-'],
  'the export of the object': (channel) => ['transient', 'show', OBJECT, '--channel', channel, '--json'],
  'its decisions': (channel) => ['explain', OBJECT, '--channel', channel, '--json'],
  'the trial of its filter': (channel) => [
    ...['channel', 'try', join(broker.folder, `${channel}.yaml`), '--from', night, '--json'],
  ],
};

describe('private points of a partnership', () => {
  it('carry their survey, programme and tags in the store, as public ones', async () => {
    const found = await broker.db.collection('datapoints').find({}).sort({ jd: 1 }).toArray();
    expect(
      found.map(({ survey, programme, tags }) => [survey as unknown, programme as unknown, (tags as string[])[1]]),
    ).toEqual([
      ['ztf', 1, 'ZTF_PUB'],
      ['ztf', 2, 'ZTF_PRIV'],
      ['ztf', 2, 'ZTF_PRIV'],
      ['ztf', 1, 'ZTF_PUB'],
      ['ztf', 1, 'ZTF_PUB'],
      ['ztf', 2, 'ZTF_PRIV'],
      ['ztf', 1, 'ZTF_PUB'],
    ]);
  });

  it('are in no state of a public channel, but in those of a partner', async () => {
    const ids = async (channel: string): Promise<string[]> => {
      const states = await broker.db.collection('states').find({ channels: channel }).toArray();
      return states.flatMap(({ datapoints }) => datapoints as string[]);
    };
    const hidden = await broker.db.collection('datapoints').find({ programme: 2 }).toArray();
    const hiddenIds = hidden.map(({ id }) => String(id));
    expect(hiddenIds).toHaveLength(3);
    const open = new Set(await ids('OPEN'));
    expect(hiddenIds.filter((id) => open.has(id))).toEqual([]);
    for (const id of hiddenIds) expect(await ids('PARTNER')).toContain(id);
  });

  it('shape no result of a public channel', async () => {
    expect(secretsIn(await documentsOf('results', 'OPEN'))).toEqual([]);
    expect(secretsIn(await documentsOf('results', 'PARTNER'))).toContain('mag');
  });

  it('are told in no message of a public channel', () => {
    const of = (channel: string): string => broker.received.filter((body) => body.includes(`"${channel}"`)).join('\n');
    expect(of('OPEN')).toContain('"rule":"each"');
    expect(secretsIn(of('OPEN'))).toEqual([]);
    expect(secretsIn(of('PARTNER'))).toEqual(expect.arrayContaining(['mag', 'alert']));
  });

  it.each(Object.keys(commandOf))('are not in %s, where a public channel looks', async (name) => {
    const run = (channel: string): ReturnType<RunningBroker['ampel']> =>
      broker.ampel(...(commandOf[name]?.(channel) ?? []));
    const open = await run('OPEN');
    expect({ status: open.status, stderr: open.stderr }).toEqual({ status: 0, stderr: '' });
    // That there was a private alert, of which nothing is told, is no secret: its decision says "access".
    expect(secretsIn(open.stdout).filter((secret) => secret !== 'alert')).toEqual([]);
    expect((await run('PARTNER')).stdout.length).toBeGreaterThan(0);
  });

  it('do not even stretch the axes of the plot', async () => {
    const brightest = async (channel: string): Promise<number> => {
      const { stdout } = await broker.ampel('transient', 'show', OBJECT, '--channel', channel);
      return Math.min(...Array.from(stdout.matchAll(/^ ?(\d\d\.\d\d) /gm), ([, label]) => Number(label)));
    };
    expect(await brightest('PARTNER')).toBeLessThan(17);
    expect(await brightest('OPEN')).toBeGreaterThan(18);
  });

  it('are in the picture that a partner gets', async () => {
    const { stdout } = await broker.ampel('plot', OBJECT, '--channel', 'PARTNER', '-o', '-');
    expect(secretsIn(stdout)).toEqual(expect.arrayContaining(['mag', 'limit']));
  });

  it('are shown to a partner', async () => {
    const { stdout } = await broker.ampel('transient', 'show', OBJECT, '--channel', 'PARTNER', '--json');
    expect(secretsIn(stdout)).toEqual(['mag', 'limit', 'ra', 'candid', 'alert']);
  });
});
