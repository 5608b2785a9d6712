import { CHANNEL, clientsWith, KEY, SlackRig, TOKEN } from '../../test/receivers/slack-rig.js';
import type { Pictures } from '../define.js';

const rig = new SlackRig();
const slack = rig.server;
const CURVE = Buffer.from('the light curve');
const STAMPS = Buffer.from('the stamps');
const pictures: Pictures = { lightCurve: () => Promise.resolve(CURVE), cutouts: () => Promise.resolve(STAMPS) };

beforeAll(() => rig.begin());
afterAll(() => slack.goDown());
beforeEach(() => {
  slack.forget();
});

describe('the pictures of SlackReaction', () => {
  it('are in the thread of the message, uploaded without the token', async () => {
    const tokens: (string | null)[] = [];
    const watched: typeof fetch = (input, init) => {
      const url = input instanceof Request ? input.url : String(input);
      if (url.includes('/upload/')) tokens.push(new Headers(init?.headers).get('authorization'));
      return fetch(input, init);
    };
    const answer = await rig.send({ pictures, clients: { ...clientsWith(), fetch: watched } });
    const [message] = slack.messages(CHANNEL);
    expect(answer).toEqual({ status: 'posted', reference: { channel: CHANNEL, ts: message?.ts } });
    expect(slack.files.shownIn(CHANNEL)).toEqual([
      {
        filename: 'light-curve.png',
        length: 15,
        bytes: CURVE,
        title: 'light curve',
        channel: CHANNEL,
        threadTs: message?.ts,
      },
      {
        filename: 'image-stamps.png',
        length: 10,
        bytes: STAMPS,
        title: 'image stamps',
        channel: CHANNEL,
        threadTs: message?.ts,
      },
    ]);
    expect(tokens).toEqual([null, null]);
  });

  it('of a later message are in the thread that it answers', async () => {
    const first = slack.write(CHANNEL, 'the first');
    const earlier = [{ rule: 'new-candidate', reference: { channel: CHANNEL, ts: first } }];
    await rig.send({ message: rig.compose({ earlier }), pictures });
    expect(slack.files.shownIn(CHANNEL).map(({ threadTs }) => threadTs)).toEqual([first, first]);
  });

  it('are the light curve alone where no stamps are kept', async () => {
    await rig.send({ pictures: { ...pictures, cutouts: () => Promise.resolve(undefined) } });
    expect(slack.files.shownIn(CHANNEL).map(({ title }) => title)).toEqual(['light curve']);
  });

  it('are none where the config says so', async () => {
    await rig.send({ pictures, extra: { plot: false } });
    expect(slack.calls).toEqual(['chat.postMessage']);
  });

  it.each<[string, () => Partial<Pictures>, string]>([
    [
      'the app may not upload',
      () => {
        slack.scopes.delete('files:write');
        return {};
      },
      'add the scope files:write to the app',
    ],
    [
      'Slack asks to wait',
      () => {
        slack.trouble({ kind: 'rate limit' }, { method: 'files.getUploadURLExternal' });
        return {};
      },
      'asks to wait',
    ],
    [
      'Slack gives no place',
      () => {
        slack.trouble({ kind: 'answer', acts: false, body: '{"ok":true}' }, { method: 'files.getUploadURLExternal' });
        return {};
      },
      'Slack gives no place for a file',
    ],
    [
      'the place is elsewhere',
      () => {
        slack.trouble(
          { kind: 'answer', acts: false, body: '{"ok":true,"upload_url":"http://192.0.2.1/","file_id":"F1"}' },
          { method: 'files.getUploadURLExternal' },
        );
        return {};
      },
      'an address of another kind',
    ],
    [
      'the last answer is lost',
      () => {
        slack.trouble({ kind: 'hang up', acts: true }, { method: 'files.completeUploadExternal' });
        return {};
      },
      'could not be reached',
    ],
    ['nothing can be drawn', () => ({ lightCurve: () => Promise.reject(new Error('no such state')) }), 'no such state'],
  ])('leave the message as it is where %s', async (_what, prepare, said) => {
    const answer = await rig.send({ pictures: { ...pictures, ...prepare() } });
    expect(answer).toMatchObject({
      status: 'posted',
      detail: expect.stringContaining(`without pictures: `) as unknown,
    });
    expect(answer.detail).toContain(said);
    expect(JSON.stringify(answer)).not.toContain(TOKEN);
    expect(slack.messages(CHANNEL).map(({ metadata }) => metadata?.event_payload['key'])).toEqual([KEY]);
  });
});
