import type { Occasion } from '../../model/occasion.js';
import type { Population } from '../../model/population.js';
import {
  SMTP_LOGIN,
  startSilentPort,
  startSmtpReceiver,
  type SmtpReceiver,
} from '../../test/receivers/smtp-receiver.js';
import { ReactionRefused, TryAgain, type Answer, type Clients, type Pictures } from '../define.js';
import { emailReaction } from './email-reaction.js';

let receiver: SmtpReceiver;
let guarded: SmtpReceiver;

beforeAll(async () => {
  receiver = await startSmtpReceiver();
  guarded = await startSmtpReceiver('with login');
});
afterAll(() => Promise.all([receiver.stop(), guarded.stop()]));
beforeEach(() => {
  for (const one of [receiver, guarded]) {
    one.mails.length = 0;
    one.ways.length = 0;
  }
});

const CLIENTS: Clients = {
  fetch: () => Promise.reject(new Error('not by HTTP')),
  secret: (name) => {
    if (name !== 'mail') throw new Error(`no secret ${name}`);
    return SMTP_LOGIN.password;
  },
};

const JD = 2_459_397.75;
const HOSTILE = 'ZTF21aaaaaaa\r\nBcc: all@example.org\r\n\r\n<script>alert(1)</script>';

function occasion(over: Partial<Occasion> = {}): Occasion {
  return {
    ...{ key: 'RAPID/mail/1', channel: 'RAPID', rule: 'mail', objectId: 'ZTF21aaaaaaa', stock: '1' },
    ...{
      position: { ra: 150.1, dec: -20.5 },
      dueJd: JD,
      alertId: '9',
      results: { T2Fit: { chi2: 1.25 } },
      earlier: [],
    },
    state: {
      link: '7',
      datapoints: [
        {
          id: '1',
          kind: 'detection',
          jd: JD,
          band: 'g',
          tags: [],
          body: { magpsf: 18.5, sigmapsf: 0.1, ra: 150.1, dec: -20.5 },
        },
      ],
    },
    ...over,
  };
}

function configOf(over: Readonly<Record<string, unknown>> = {}) {
  return emailReaction.config.parse({
    ...{
      to: ['anna@example.org'],
      from: 'ampel@example.org',
      server: '127.0.0.1',
      security: 'none',
      timeoutSeconds: 5,
    },
    ...{ port: receiver.port, fields: ['T2Fit.chi2'], links: ['https://example.org/object/{objectId}'], ...over },
  });
}

async function send(
  over: Readonly<Record<string, unknown>> = {},
  of = occasion(),
  pictures?: Pictures,
): Promise<Answer> {
  const config = configOf(over);
  return await emailReaction.send(emailReaction.compose(of, config), of.key, config, CLIENTS, pictures);
}

async function failure(over: Readonly<Record<string, unknown>> = {}): Promise<unknown> {
  return await send(over).then(
    ({ status }) => `no failure: ${status}`,
    (error: unknown) => error,
  );
}

const PNG = Buffer.from('iVBORw0KGgo=', 'base64');
const PICTURES: Pictures = { lightCurve: () => Promise.resolve(PNG), cutouts: () => Promise.resolve(undefined) };

describe('EmailReaction', () => {
  it('sends a mail that says what is known of the object, with the light curve in it', async () => {
    expect(await send({}, occasion(), PICTURES)).toMatchObject({ status: 'taken by the mail server' });
    const [mail] = receiver.mails;
    expect(mail).toMatchObject({ from: 'ampel@example.org', to: ['anna@example.org'] });
    const content = mail?.content.replaceAll('=\r\n', '') ?? '';
    for (const part of [
      ...['Subject: ZTF21aaaaaaa (RAPID, mail)', 'From: ampel@example.org', 'To: anna@example.org'],
      ...['X-Ampel-Key: RAPID/mail/1', 'Auto-Submitted: auto-generated', 'T2Fit.chi2: 1.25', 'g 18.50'],
      ...['150.100000 -20.500000 deg', 'https://example.org/object/ZTF21aaaaaaa', 'ampel explain ZTF21aaaaaaa'],
      ...['Content-Type: image/png', 'Content-Id: <light-curve>', 'cid:light-curve', 'iVBORw0KGgo'],
    ]) {
      expect(content.toLowerCase()).toContain(part.toLowerCase());
    }
  });

  it('has the image stamps too where they are kept, without the light curve where that cannot be drawn', async () => {
    const lightCurve = (): Promise<Uint8Array> => Promise.reject(new Error('no points'));
    await send({}, occasion(), { lightCurve, cutouts: () => Promise.resolve(PNG) });
    const content = receiver.mails[0]?.content ?? '';
    expect(content).toContain('cid:image-stamps');
    expect(content).toMatch(/content-id: <image-stamps>/i);
    expect(content).not.toContain('light-curve');
  });

  it('has the same id on every try, and no picture where none can be drawn', async () => {
    const broken: Pictures = { ...PICTURES, lightCurve: () => Promise.reject(new Error('no points')) };
    await send({}, occasion(), broken);
    await send({}, occasion());
    const ids = receiver.mails.map(({ content }) => /^Message-ID: (.*)$/im.exec(content)?.[1]);
    expect(ids[0]).toMatch(/^<[0-9a-f]{40}@example\.org>/);
    expect(ids[1]).toBe(ids[0]);
    expect(receiver.mails.some(({ content }) => content.includes('cid:light-curve'))).toBe(false);
  });

  it('lets no name of an object make headers, recipients or markup', async () => {
    await send({}, occasion({ objectId: HOSTILE }));
    const [mail] = receiver.mails;
    expect(mail?.to).toEqual(['anna@example.org']);
    const [head = ''] = mail?.content.split('\r\n\r\n') ?? [];
    expect(head).not.toMatch(/^bcc:/im);
    const html = mail?.content.split('Content-Type: text/html')[1] ?? '';
    expect(html).toContain('&lt;script&gt;');
    expect(html).not.toContain('<script');
  });

  it('sends one mail on all that a run has selected', async () => {
    const population: Population = {
      ...{
        key: 'RAPID/morning/2021-07-05T12:00:00Z',
        channel: 'RAPID',
        rule: 'morning',
        dueJd: JD,
        count: 3,
        earlier: [],
      },
      objects: [
        {
          ...{ objectId: 'ZTF21aaaaaaa', stock: '1', position: { ra: 150.1, dec: -20.5 }, firstAcceptedJd: JD },
          ...{
            lastDetection: { jd: JD, band: 'g', mag: 18.5 },
            detections: 4,
            upperLimits: 2,
            results: { T2Fit: { chi2: 2 } },
          },
        },
        {
          ...{ objectId: '<b>x', stock: '2', position: { ra: 1, dec: 2 }, firstAcceptedJd: JD },
          ...{ detections: 0, upperLimits: 2, results: {} },
        },
      ],
    };
    const config = configOf();
    const message = emailReaction.summarize?.(population, config) ?? null;
    await emailReaction.send(message, population.key, config, CLIENTS);
    const content = receiver.mails[0]?.content.replaceAll('=\r\n', '') ?? '';
    expect(content).toContain('Subject: RAPID, morning: 3 objects');
    expect(content).toContain('g 18.50 mag');
    expect(content).toContain('and 1 more that are not told of');
    expect(content).toContain('&lt;b&gt;x');
    expect(content).not.toContain('<b>x</td>');
  });

  it('logs in with a secret', async () => {
    await send({ port: guarded.port, user: SMTP_LOGIN.user, secret: 'mail' });
    expect(guarded.mails).toMatchObject([{ user: SMTP_LOGIN.user }]);
  });

  it.each([
    ['not now', TryAgain, /451/],
    ['never', ReactionRefused, /554/],
    ['hang up', TryAgain, /come back later|421/],
  ] as const)('knows that "%s" means that nothing was sent', async (way, kind, message) => {
    receiver.ways.push(way);
    const error = await failure();
    expect(error).toBeInstanceOf(kind);
    expect(String(error)).toMatch(message);
    expect(receiver.mails).toEqual([]);
  });

  it('does not know what came of a mail whose answer is lost', async () => {
    receiver.ways.push('lose the answer');
    const error = await failure();
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(TryAgain);
    expect(error).not.toBeInstanceOf(ReactionRefused);
    expect(receiver.mails).toHaveLength(1);
  });

  it('tells which recipients the server refuses', async () => {
    receiver.ways.push('refuse the second');
    const answer = await send({ to: ['anna@example.org', 'bob@example.org'] });
    expect(answer.status).toBe('taken by the mail server, but not for bob@example.org');
    expect(receiver.mails).toMatchObject([{ to: ['anna@example.org'] }]);
  });

  it('has sent nothing where nobody listens, answers, or may be trusted', async () => {
    const silent = await startSilentPort();
    try {
      expect(await failure({ port: silent.port, timeoutSeconds: 0.3 })).toBeInstanceOf(TryAgain);
    } finally {
      await silent.stop();
    }
    expect(await failure({ port: silent.port })).toBeInstanceOf(TryAgain);
    // Its certificate is its own.
    const untrusted = await failure({ security: 'starttls' });
    expect(untrusted).toBeInstanceOf(TryAgain);
    expect(receiver.mails).toEqual([]);
  });

  it('is refused where the password is wrong, and tells nobody which it was', async () => {
    const wrong: Clients = { ...CLIENTS, secret: () => 'canary-of-a-password' };
    const config = configOf({ port: guarded.port, user: 'ampel', secret: 'mail' });
    const error: unknown = await emailReaction
      .send(emailReaction.compose(occasion(), config), 'k', config, wrong)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ReactionRefused);
    const told = [error, (error as Error).stack, (error as Error).cause].map(String).join();
    expect(told).not.toContain('canary');
    expect(told).toContain('535');
  });

  it.each([
    [{ security: 'none', server: 'smtp.example.org' }, 'expected tls or starttls for another machine'],
    [{ to: ['anna@example.org, bob@example.org'] }, 'expected an address'],
    [{ from: 'Anna <anna@example.org>' }, 'expected an address'],
    [{ user: 'anna' }, 'a login is both a user and a secret'],
    [{ server: 'smtp.example.org/x' }, 'expected the name of a mail server'],
  ])('refuses %j', (over, message) => {
    expect(() => configOf(over)).toThrow(message);
  });
});
