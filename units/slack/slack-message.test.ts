import type { Json } from '../../model/canonical-json.js';
import type { EarlierReaction } from '../../model/occasion.js';
import { blocksFault } from '../../test/receivers/slack-limits.js';
import { blocksOf, CHANNEL, expectFailure, KEY, point, SlackRig, textsIn } from '../../test/receivers/slack-rig.js';

const rig = new SlackRig();
const slack = rig.server;

beforeAll(() => rig.begin());
afterAll(() => slack.goDown());
beforeEach(() => {
  slack.forget();
});

describe('the message of SlackReaction', () => {
  it('says which object, why now, where, how bright and how to learn more', () => {
    const extra = {
      fields: ['T2LightCurveSummary.num_detections', 'T2LightCurveSummary.mean.r', 'T2Age', 'T2Other.x', 'T2Age.days'],
      links: ['https://alerce.online/object/{objectId}', 'https://example.org/cone?ra={ra}&dec={dec}'],
    };
    const markup = (text: string): object => ({ type: 'mrkdwn', text, verbatim: true });
    const plain = (text: string): object => ({ type: 'plain_text', text, emoji: false });
    expect(rig.compose({}, extra)).toEqual({
      channel: CHANNEL,
      text:
        'HU_RAPID new-candidate: ZTF18abxhyqv at 21.639952 +31.616367 deg, ' +
        'r 18.60 ± 0.08 mag, 2018-11-07 07:12 UTC',
      blocks: [
        { type: 'header', text: plain('ZTF18abxhyqv') },
        {
          type: 'section',
          fields: [
            markup('*Channel*\nHU_RAPID'),
            markup('*Rule*\nnew-candidate'),
            markup('*Position*\n21.639952 +31.616367 deg\n01:26:33.588 +31:36:58.92'),
            markup('*Last detection*\nr 18.60 ± 0.08 mag\n2018-11-07 07:12 UTC'),
            markup('*Light curve*\n2 detections, 1 upper limit'),
          ],
        },
        {
          type: 'section',
          fields: [
            markup('*T2LightCurveSummary.num_detections*\n2'),
            markup('*T2LightCurveSummary.mean.r*\n18.75123'),
            markup('*T2Age*\n2'),
            markup('*T2Other.x*\nno result'),
            markup('*T2Age.days*\nnot in the result'),
          ],
        },
        {
          type: 'section',
          text: markup(
            '<https://alerce.online/object/ZTF18abxhyqv|alerce.online> · ' +
              '<https://example.org/cone?ra=21.639952&amp;dec=31.616367|example.org>',
          ),
        },
        { type: 'context', elements: [plain('ampel explain ZTF18abxhyqv --channel HU_RAPID')] },
      ],
    });
  });

  it('reads no clock', () => {
    const real = Date;
    const stopped = class extends real {
      constructor(...args: [] | [number]) {
        if (args.length === 0) throw new Error('asked for the time');
        super(...args);
      }
      static override now(): number {
        throw new Error('asked for the time');
      }
    };
    Reflect.set(globalThis, 'Date', stopped);
    try {
      expect(textsIn(rig.compose())[0]).toContain('2018-11-07 07:12 UTC');
    } finally {
      Reflect.set(globalThis, 'Date', real);
    }
  });

  it.each([
    [[], 'no detection', '0 detections, 0 upper limits'],
    [[point('detection', 2458429.8, {})], 'r without magnitude\n2018-11-07 07:12 UTC', '1 detection, 0 upper limits'],
    [
      [point('detection', 9e15, { magpsf: 19, isdiffpos: 'f' }), point('forced', 2458429.8, {})],
      'r 19.00 mag, fainter than the reference\nat no known time',
      '1 detection, 0 upper limits, 1 forced measurement',
    ],
    [[point('detection', 2458429.8, { psfFlux: 3630.78, psfFluxErr: 100 })], 'r 22.50 ± 0.03 mag\n', '1 detection'],
  ])('tells of every kind of light curve: %#', (datapoints, last, counts) => {
    const texts = textsIn(rig.compose({ state: { link: '1', datapoints } }));
    expect(texts.find((text) => text.startsWith('*Last detection*'))).toContain(`\n${last}`);
    expect(texts.find((text) => text.startsWith('*Light curve*'))).toContain(`\n${counts}`);
  });

  it('shows a hostile name letter by letter: it mentions nobody, links nowhere and runs nothing', async () => {
    const objectId = `<!channel> @here <https://evil.example|ZTF18abxhyqv> & <@U123> '; rm -rf ~\u202e\u0007\ud800`;
    const rule = '<!everyone>';
    const links = ['https://example.org/{objectId}'];
    const fields = ['T2.x'];
    const message = rig.compose({ objectId, rule, results: { T2: { x: '<!subteam^S1>|>' } } }, { links, fields });
    for (const text of textsIn(message)) {
      const withoutOwnLink = text.replace(/<https:\/\/example\.org\/[^<>|\s]*\|example\.org>/, '');
      expect(withoutOwnLink).not.toMatch(/[<>]|&(?!amp;|lt;|gt;)/);
      expect(text).not.toMatch(/[\p{Cs}\u202e]/u);
      expect(text).not.toContain('\u0007');
    }
    expect(textsIn(message).at(-1)).toContain(` &amp; &lt;@U123&gt; '\\''; rm -rf ~' --channel HU_RAPID`);
    await rig.send({ message });
    // Not even a bare @here is made a mention, by the text as by the blocks.
    expect(slack.messages(CHANNEL)[0]?.options).toMatchObject({ parse: 'none', link_names: 'false' });
    expect(JSON.stringify(message)).not.toContain('"verbatim":false');
  });

  it('stays within the limits of Slack, whatever its parts are', async () => {
    const long = '&'.repeat(5000);
    const fields = Array.from({ length: 40 }, (_, n) => `T2.${'k'.repeat(140)}${n}`);
    const links = Array.from({ length: 10 }, (_, n) => `https://example.org/${n}/{objectId}?${'q'.repeat(200)}`);
    const results = { T2: Object.fromEntries(fields.map((path) => [path.slice(3), long])) };
    for (const name of [long, '𝒜'.repeat(400), 'a'.repeat(149) + '<', '', ' \u0000 ']) {
      const message = rig.compose({ objectId: name, rule: name, results }, { fields, links });
      expect(blocksFault(blocksOf(message))).toBeUndefined();
      expect(textsIn(message).join('')).not.toMatch(/\p{Cs}/u);
      await rig.send({ message, extra: { fields, links } });
    }
    expect(slack.messages(CHANNEL)).toHaveLength(5);
  });

  it('cuts a name between letters, not inside of what stands for one', () => {
    const [, header] = textsIn(rig.compose({ objectId: '&'.repeat(150) }));
    expect(header).toBe(`${'&amp;'.repeat(29)}…`);
  });
});

describe('threads of SlackReaction', () => {
  const told = (reference: Json | undefined): EarlierReaction => ({
    rule: 'new-candidate',
    ...(reference !== undefined && { reference }),
  });

  it('begin with the first message on an object, and have all later ones', async () => {
    const { reference } = await rig.send();
    const later = rig.compose({ earlier: [told(reference)] });
    const second = await rig.send({ message: later, key: `${KEY}/2` });
    const third = await rig.send({ message: rig.compose({ earlier: [told(second.reference)] }), key: `${KEY}/3` });
    const [first, ...answers] = slack.messages(CHANNEL);
    expect(first?.thread_ts).toBeUndefined();
    expect(answers.map(({ thread_ts }) => thread_ts)).toEqual([first?.ts, first?.ts]);
    expect([second, third].map(({ status }) => status)).toEqual(['posted in the thread', 'posted in the thread']);
    expect(third.reference).toEqual({ channel: CHANNEL, ts: answers[1]?.ts, threadTs: first?.ts });
  });

  it('are those of the same Slack channel; what is no reference is none', () => {
    const strange = [undefined, null, 7, 'x', {}, { channel: CHANNEL }, { channel: CHANNEL, ts: '<!here>' }];
    const elsewhere = { channel: 'C0ELSEWHERE', ts: '1541574720.000100' };
    expect(rig.compose({ earlier: [...strange, elsewhere].map(told) })).not.toHaveProperty('thread_ts');
    const here = { channel: CHANNEL, ts: '1541574721.000100' };
    expect(rig.compose({ earlier: [elsewhere, here].map(told) })).toHaveProperty('thread_ts', here.ts);
  });

  it('that are gone refuse the message for good', async () => {
    const message = rig.compose({ earlier: [told({ channel: CHANNEL, ts: '1541574721.000100' })] });
    await expectFailure(rig.send({ message }), 'refused', 'is it deleted?');
  });

  it('are looked through in doubt', async () => {
    const { reference } = await rig.send();
    const message = rig.compose({ earlier: [told(reference)] });
    const key = `${KEY}/2`;
    expect(await rig.find({ message, key })).toBe('not there');
    slack.trouble({ kind: 'hang up', acts: true });
    await expectFailure(rig.send({ message, key }), 'doubt');
    const [first, second] = slack.messages(CHANNEL);
    expect(await rig.find({ message, key })).toEqual({
      ...{ status: 'posted in the thread', reference: { channel: CHANNEL, ts: second?.ts, threadTs: first?.ts } },
    });
    expect(slack.messages(CHANNEL)).toHaveLength(2);
  });
});
