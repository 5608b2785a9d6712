import { Webhook } from 'standardwebhooks';
import { signatureHeaders, signingSecret, webhookIdOf } from './webhook-signature.js';

/** The example of the specification's libraries. */
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const GOLDEN = {
  ...{ id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', at: new Date(1_614_265_330_000), body: '{"test": 2432232314}' },
  signature: 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
};

describe('the signature of a webhook', () => {
  it('is that of the published example', () => {
    expect(signatureHeaders([signingSecret('HOOK', SECRET)], GOLDEN)).toEqual({
      'webhook-id': GOLDEN.id,
      'webhook-timestamp': '1614265330',
      'webhook-signature': GOLDEN.signature,
    });
  });

  it('is taken by the library of the specification, with the old secret and with the new one, and by no other', () => {
    const others = ['whsec_bmV3IHNlY3JldCBvZiB0aGUgY2hhbm5lbCEh', `whsec_${Buffer.alloc(32, 7).toString('base64')}`];
    const [next = '', stranger = ''] = others;
    const body = '{"type":"ampel.reaction"}';
    const secrets = [signingSecret('NEW', next), signingSecret('OLD', SECRET)];
    const headers = signatureHeaders(secrets, { id: webhookIdOf('HU_RAPID/tell/1'), at: new Date(), body });
    for (const known of [next, SECRET])
      expect(new Webhook(known).verify(body, headers)).toEqual({ type: 'ampel.reaction' });
    expect(() => new Webhook(stranger).verify(body, headers)).toThrow('No matching signature');
    expect(() => new Webhook(SECRET).verify(`${body} `, headers)).toThrow('No matching signature');
  });

  it('has an id that only the key decides', () => {
    expect(webhookIdOf('A/b/1')).toBe(webhookIdOf('A/b/1'));
    expect(webhookIdOf('A/b/1')).not.toBe(webhookIdOf('A/b/2'));
    expect(webhookIdOf('A/b/1')).toMatch(/^msg_[\w-]{32}$/);
  });

  it.each([
    '',
    'whsec_',
    'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    'whsec_c2hvcnQ=',
    `${SECRET}\n`,
    'whsec_not base64 at all, is it',
  ])('is not made with the secret %j, which no message shows', (value) => {
    expect(() => signingSecret('HOOK', value)).toThrow('The secret "HOOK" cannot sign: expected "whsec_"');
    try {
      signingSecret('HOOK', value);
    } catch (error) {
      if (value.length > 7) expect(String(error)).not.toContain(value.trim().slice(6));
    }
  });
});
