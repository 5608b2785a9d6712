import { join } from 'node:path';
import { problemOf } from '../../test/problem-of.js';
import { describeWithData, sharedData } from '../../test/shared-data.js';
import { CANDID, EARLIER, LIMIT, OBJECT, packetOf, type SchemaChanges, type ZtfPacket } from '../../test/ztf-packet.js';
import type { FilterInput } from '../../model/alert.js';
import { readArchive } from '../archive/archive.js';
import { isBad } from '../packet.js';
import type { ScreenedAlert } from '../survey.js';
import { ztf } from './survey.js';

const PUBLIC = ['ZTF_PUB'];
const PRIVATE = ['ZTF_PRIV'];
const FIELDS = { candidate: ['rb', 'ndethist'], history: ['jd', 'candid'] };

function screened(packet: ZtfPacket, changes?: SchemaChanges): ScreenedAlert {
  return ztf.screenReader(FIELDS)(packetOf(packet, changes));
}

/** Times of the history, the same from the packet and from the store. */
function historyJds(packet: ZtfPacket, access: readonly string[]): unknown[] | undefined {
  const early = screened(packet).view(access);
  const stored = ztf.filterInput(ztf.readAlert(packetOf(packet)), access);
  const jds = (input: FilterInput | undefined): unknown[] | undefined => input?.history.map((point) => point['jd']);
  expect(jds(early)).toEqual(jds(stored));
  return jds(early);
}

describe('the screen of ZTF alerts', () => {
  it('reads identity and time, and of the rest what the filters ask for', () => {
    const alert = screened({ history: [EARLIER] });
    expect(alert).toMatchObject({ alertId: CANDID, objectId: OBJECT, jd: 2458426.75 });
    expect({ ...alert.view(PUBLIC) }).toEqual({
      objectId: OBJECT,
      candidate: { candid: CANDID, jd: 2458426.75, programid: 1, rb: 0.75, ndethist: 4 },
      history: [{ jd: EARLIER['jd'], candid: EARLIER['candid'], diffmaglim: EARLIER['diffmaglim'], programid: 1 }],
    });
  });

  it('reads numbers that were written as text as numbers, fields of the filter and its own', () => {
    const types = { ndethist: 'string', programid: 'string', diffmaglim: ['string', 'null'] };
    const text = { ndethist: '4', programid: '2', diffmaglim: '20.5' };
    const history = [
      { ...LIMIT, ...text },
      { ...LIMIT, ...text, diffmaglim: '-999' },
    ];
    const alert = screened({ candidate: text, history }, { types });
    expect(alert.view(PUBLIC)).toBeUndefined();
    expect(alert.view(PRIVATE)?.candidate['ndethist']).toBe(4);
    expect(alert.view(PRIVATE)?.history).toHaveLength(1);
  });

  it('knows the id of an alert whose candidate has none', () => {
    expect(screened({}, { types: { candid: undefined } }).view(PUBLIC)?.candidate['candid']).toBe(CANDID);
  });

  it.each([
    ['no time', { candidate: { jd: NaN } }, {}, 'jd is NaN, expected 2447892 to 2488434'],
    ['no name', { objectId: '' }, {}, 'objectId is missing'],
    [
      'a name that is none, of two lines',
      { objectId: 'ZTF18\naaaaaaa' },
      {},
      'objectId "ZTF18?aaaaaaa" is not a ZTF name (expected e.g. ZTF18abxhyqv, years 2017 to 2032)',
    ],
    [
      'a name of many letters',
      { objectId: 'Z'.repeat(1e6) },
      {},
      `objectId "${'Z'.repeat(60)}" is not a ZTF name (expected e.g. ZTF18abxhyqv, years 2017 to 2032)`,
    ],
    ['no candidate', {}, { without: ['candidate'] }, 'the packet has no candidate'],
    [
      'text for a number',
      { candidate: { rb: 'good' } },
      { types: { rb: 'string' } },
      'rb is "good", expected a number',
    ],
    [
      'bytes for a number',
      { candidate: { rb: Buffer.alloc(5_000) } },
      { types: { rb: 'bytes' } },
      'rb is 5000 bytes, expected a number or text',
    ],
    [
      'a list for a number',
      { candidate: { rb: [0.5, 0.5] } },
      { types: { rb: { type: 'array' as const, items: 'float' } } },
      'rb is a list of 2, expected a number or text',
    ],
  ])('refuses an alert with %s', (_, packet, changes, message) => {
    expect(problemOf(() => screened(packet, changes)).message).toBe(message);
  });

  it('leaves it to a filter what a missing field means', () => {
    expect(screened({}, { types: { rb: undefined } }).view(PUBLIC)?.candidate).not.toHaveProperty('rb');
  });
});

describe('what a channel sees of an alert', () => {
  const history = [
    { ...EARLIER, jd: 2458421.75, programid: 1 },
    { ...EARLIER, jd: 2458422.75, programid: 2 },
    { ...EARLIER, jd: 2458423.75, programid: 3 },
    { ...LIMIT, jd: 2458424.75, programid: 1 },
    { ...LIMIT, jd: 2458425.75, programid: 2 },
  ];

  it('is without the private points for a public channel, from the packet and from the store alike', () => {
    expect(historyJds({ history }, PUBLIC)).toEqual([2458421.75, 2458423.75, 2458424.75]);
  });

  it('is everything for a channel of the partnership', () => {
    expect(historyJds({ history }, [...PUBLIC, ...PRIVATE])).toHaveLength(5);
  });

  it('is nothing at all of a private alert for a public channel', () => {
    expect(historyJds({ candidate: { programid: 2 }, history }, PUBLIC)).toBeUndefined();
    expect(historyJds({ candidate: { programid: 2 }, history }, PRIVATE)).toHaveLength(3);
    expect(historyJds({ history }, PRIVATE)).toBeUndefined();
  });

  it('never has the limits that ZTF could not measure', () => {
    const unmeasured = [-999, -0.5, null, NaN].map((diffmaglim) => ({ ...LIMIT, diffmaglim }));
    expect(historyJds({ history: [...unmeasured, LIMIT] }, PUBLIC)).toEqual([LIMIT['jd']]);
  });

  it('from the store has an id for detections only, as in the packet', () => {
    const { history: seen = [] } =
      ztf.filterInput(ztf.readAlert(packetOf({ history: [EARLIER, LIMIT] })), PUBLIC) ?? {};
    expect(seen.map((point) => point['candid'])).toEqual([EARLIER['candid'], undefined]);
  });
});

describeWithData('real alerts that are damaged or unusual', () => {
  async function kindsOf(path: string): Promise<string[]> {
    const kinds: string[] = [];
    for await (const packet of readArchive([join(sharedData, path)])) {
      kinds.push(isBad(packet) ? packet.problem.kind : 'good');
    }
    return kinds;
  }

  it('are told of where newlines were converted, all seven', async () => {
    expect(await kindsOf('ztf/edge/newline_corrupted_7files.tar.gz')).toEqual(Array(7).fill('truncated'));
  });

  it('are told of where Spark wrote a container without records', async () => {
    expect(await kindsOf('ztf/edge/empty_container.avro')).toEqual(['empty']);
  });

  it('have numbers again where Fink wrote 64-bit integers', async () => {
    for await (const packet of readArchive([join(sharedData, 'ztf/edge/snappy_string_types.avro')])) {
      if (isBad(packet)) throw packet.problem;
      const types = packet.schema.fieldTypes('candidate');
      expect([types.get('fid'), types.get('programid')]).toEqual([
        ['long', 'null'],
        ['long', 'null'],
      ]);
      const { candidate, datapoints } = ztf.readAlert(packet);
      for (const name of ['fid', 'programid', 'ndethist']) expect(typeof candidate[name]).toBe('number');
      expect(datapoints[0]?.tags).toHaveLength(3);
      const seen = ztf.screenReader(FIELDS)(packet).view(PUBLIC);
      expect(seen?.candidate['ndethist']).toBe(candidate['ndethist']);
    }
  });

  it('are told of where the oldest versions name no object', async () => {
    const problems: string[] = [];
    const path = join(sharedData, 'ztf/by_version/ztf-avro-alert_sample_data_all_history.tar.gz');
    let good = 0;
    for await (const packet of readArchive([path])) {
      if (isBad(packet)) throw packet.problem;
      if (packet.schema.rootFields.includes('objectId') && ztf.readAlert(packet).objectId !== '') good++;
      else problems.push(problemOf(() => ztf.readAlert(packet)).message);
    }
    expect([good, problems]).toEqual([22, Array(6).fill('objectId is missing')]);
  });
});
