import type { Trouble } from '../../test/receivers/slack-server.js';
import {
  CHANNEL,
  clientsWith,
  expectFailure,
  failureOf,
  KEY,
  SlackRig,
  STRANGE,
  textsIn,
  TOKEN,
} from '../../test/receivers/slack-rig.js';

const rig = new SlackRig();
const slack = rig.server;

beforeAll(() => rig.begin());
afterAll(() => slack.goDown());
beforeEach(() => {
  slack.forget();
});

describe('a doubt of SlackReaction', () => {
  it.each<Trouble>([
    { kind: 'hang up', acts: true },
    { kind: 'half-open', acts: true },
    { kind: 'answer', acts: true, status: 502, body: '' },
    { kind: 'answer', acts: true, body: '{' },
  ])('is settled by the message that is there, after %j', async (trouble) => {
    slack.write(CHANNEL, 'Good morning');
    await rig.send({ key: 'HU_RAPID/new-candidate/ZTF18other' });
    slack.trouble(trouble);
    await expectFailure(rig.send({ extra: { timeoutSeconds: 0.4 } }), 'doubt');
    slack.write(CHANNEL, 'Good evening');
    const ours = slack.messages(CHANNEL).filter(({ metadata }) => metadata?.event_payload['key'] === KEY);
    expect(ours).toHaveLength(1);
    expect(await rig.find()).toEqual({ status: 'posted', reference: { channel: CHANNEL, ts: ours[0]?.ts } });
    // The same answer as if nothing had been lost.
    expect(await rig.find()).toEqual(await rig.find());
  });

  it('is settled by its absence, after Slack was down', async () => {
    const { apiUrl } = slack;
    await slack.goDown();
    // It may notice only now that a connection which was kept open is gone.
    await failureOf(rig.send({ extra: { apiUrl } }));
    await expectFailure(rig.send({ extra: { apiUrl } }), 'try again', 'ECONNREFUSED');
    await expectFailure(rig.find({ extra: { apiUrl } }), 'try again');
    await slack.comeUp();
    expect(await rig.find()).toBe('not there');
    expect(slack.messages(CHANNEL)).toEqual([]);
  });

  it('asks for what is newer than the try, with room for clocks that differ', async () => {
    slack.write(CHANNEL, 'old', { ts: (Date.now() / 1000 - 86_400).toFixed(6) });
    await rig.find();
    const oldest = Number(slack.args.at(-1)?.get('oldest'));
    expect(Date.now() / 1000 - oldest).toBeGreaterThan(590);
    expect(Date.now() / 1000 - oldest).toBeLessThan(660);
    expect(slack.args.at(-1)?.get('include_all_metadata')).toBe('true');
  });

  it('is settled over many pages, and left to a person where they do not end', async () => {
    for (let count = 0; count < 450; count++) slack.write(CHANNEL, 'busy');
    await rig.send();
    expect(await rig.find()).toMatchObject({ status: 'posted' });
    expect(slack.calls.slice(1)).toHaveLength(3);
    for (let count = 0; count < 3600; count++) slack.write(CHANNEL, 'busy');
    expect(await rig.find({ key: 'another' })).toBe('cannot tell');
    expect(slack.calls.slice(4)).toHaveLength(20);
  });

  it('is left to a person where the app may not read, or nobody knows the channel', async () => {
    slack.scopes.delete('channels:history');
    expect(await rig.find()).toBe('cannot tell');
    slack.scopes.add('channels:history');
    expect(await rig.find({ extra: { channel: STRANGE } })).toBe('cannot tell');
    expect(await rig.find({ extra: { channel: 'C0NOWHERE' } })).toBe('cannot tell');
    slack.trouble({ kind: 'answer', acts: false, body: '{"ok":true,"messages":[],"has_more":true}' });
    expect(await rig.find()).toBe('cannot tell');
  });

  it('is left to a person where it may be the message, and its key is not shown', async () => {
    const page = (message: object): Trouble => {
      const messages = [{ type: 'message', ts: '1541574721.000100', ...message }];
      return { kind: 'answer', acts: false, body: JSON.stringify({ ok: true, messages }) };
    };
    slack.trouble(page({ text: 'x', metadata: { event_type: 'ampel_reaction' } }));
    expect(await rig.find()).toBe('cannot tell');
    slack.trouble(page({ text: textsIn(rig.compose())[0] }));
    expect(await rig.find()).toBe('cannot tell');
    slack.trouble(page({ text: 'x', metadata: { event_type: 'other', event_payload: { key: KEY } } }));
    expect(await rig.find()).toBe('not there');
  });

  it('stays one while Slack cannot be asked', async () => {
    slack.trouble({ kind: 'rate limit', retryAfter: '60' });
    expect(await failureOf(rig.find())).toMatchObject({ kind: 'try again', afterMs: 60_000 });
    slack.trouble({ kind: 'answer', acts: false, status: 500, body: '' });
    await expectFailure(rig.find(), 'doubt');
    slack.trouble({ kind: 'answer', acts: false, body: '{"ok":true}' });
    await expectFailure(rig.find(), 'doubt');
  });
});

describe('the token of SlackReaction', () => {
  it('is in no error, even where it is echoed in every way', async () => {
    const echoes: Trouble[] = [
      { kind: 'say', error: TOKEN },
      { kind: 'say', error: 'missing_scope', needed: TOKEN },
      { kind: 'answer', acts: false, status: 500, body: TOKEN },
      { kind: 'answer', acts: false, status: 403, body: TOKEN },
      { kind: 'answer', acts: false, body: TOKEN },
      { kind: 'answer', acts: false, body: JSON.stringify({ ok: true, channel: TOKEN, ts: TOKEN }) },
      { kind: 'redirect', to: `https://other.example/${TOKEN}` },
      { kind: 'hang up', acts: false },
    ];
    for (const trouble of echoes) {
      slack.trouble(trouble);
      // Which looks into each error.
      expect((await failureOf(rig.send())).kind).not.toBe('no error');
    }
    for (const body of [
      { ok: true, messages: TOKEN },
      { ok: true, messages: [{ ts: TOKEN }] },
    ]) {
      slack.trouble({ kind: 'answer', acts: false, body: JSON.stringify(body) });
      await expectFailure(rig.find(), 'doubt');
    }
  });

  it('is not printed by the library', async () => {
    const printed: unknown[] = [];
    const print = (...said: readonly unknown[]): unknown => printed.push(said);
    const real = globalThis.console;
    Reflect.set(globalThis, 'console', { ...{ debug: print, info: print, log: print }, warn: print, error: print });
    try {
      await rig.send();
      slack.trouble({ kind: 'hang up', acts: false });
      await failureOf(rig.send());
    } finally {
      Reflect.set(globalThis, 'console', real);
    }
    expect(printed).toEqual([]);
  });

  it('is asked for again where it is not there or cannot be sent: nothing was posted', async () => {
    await expectFailure(rig.send({ clients: clientsWith({}) }), 'try again', 'secret "SLACK" is not set');
    const broken = clientsWith({ SLACK: `${TOKEN}\n` });
    await expectFailure(rig.send({ clients: broken }), 'try again', 'The secret "SLACK" cannot be sent in a header');
    expect(slack.calls).toEqual([]);
  });
});
