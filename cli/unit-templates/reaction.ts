import type { NewUnit, UnitText } from './unit-text.js';

/** A line to a receiver of JSON. */
export const reactionText: UnitText = (unit) => ({ unit: unitOf(unit), test: testOf(unit) });

function unitOf({ name, constant, style }: NewUnit): string {
  return `${style.imports('defineT3', 'ReactionRefused')}
/** Who is told, and of what. */
export const ${constant} = defineT3({
  name: '${name}',
  version: '1.0.0',
  summary: 'Posts a line on the object to an address.',
  config: z.strictObject({
    url: z.url().describe('where the line is sent by POST'),
    secret: z.string().optional().describe('name of the secret that is sent as Authorization: Bearer'),
  }),
  // What is stored and shown before it is sent: the same for the same occasion.
  compose: ({ objectId, channel, rule, state: { datapoints } }) => ({
    text: \`\${channel} \${rule}: \${objectId}, \${datapoints.length} datapoints\`,
  }),
  // In doubt the line is sent again. Without this, for receivers that do not know keys, a person is asked what has happened.
  knowsKeys: true,
  // Once for each try; "key" stays the same, so that the receiver can tell a second one from a second message.
  async send(message, key, { url, secret }, clients) {
    const response = await clients.fetch(url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'idempotency-key': key,
        ...(secret !== undefined && { authorization: \`Bearer \${clients.secret(secret)}\` }),
      },
      body: JSON.stringify(message),
    });
    const status = String(response.status);
    if (response.ok) return { status };
    // Too many requests and errors of the receiver pass; what else it says, it will say again.
    if (response.status < 500 && response.status !== 429) throw new ReactionRefused(\`the receiver answered \${status}\`);
    throw new Error(\`the receiver answered \${status}\`);
  },
});
`;
}

function testOf({ name, constant, moduleFile, style }: NewUnit): string {
  return `${style.typed("import type { Occasion } from '../../model/occasion.js';\nimport type { Clients } from '../define.js';\n")}${style.testImports(constant, moduleFile)}
const occasion${style.typed(': Occasion')} = {
  ...{ key: 'HU_RAPID/new-candidate/1', channel: 'HU_RAPID', rule: 'new-candidate', alertId: '1001' },
  ...{ objectId: 'ZTF21abiuvdk', stock: '1', position: { ra: 150.1, dec: 2.2 }, dueJd: 2459372.8 },
  state: { link: '1', datapoints: [] },
  results: {},
  earlier: [],
};
const config = { url: 'https://receiver.example' };
const line = { text: 'HU_RAPID new-candidate: ZTF21abiuvdk, 0 datapoints' };

/** A receiver that answers so, and notes the keys that it gets. */
function receiver(status${style.typed(': number')}, keys${style.typed(': unknown[]')} = [])${style.typed(': Clients')} {
  return {
    secret: () => 'a secret',
    fetch: (_url, request) => {
      keys.push(new Headers(request?.headers).get('idempotency-key'));
      return Promise.resolve(new Response(null, { status }));
    },
  };
}

describe('${name}', () => {
  it('says which object, for which channel and rule', () => {
    ${style.isEqual(`${constant}.compose(occasion, config)`, 'line')}
  });

  it('sends it with its key', async () => {
    const keys${style.typed(': unknown[]')} = [];
    ${style.isEqual(`await ${constant}.send(line, 'key', config, receiver(200, keys))`, "{ status: '200' }")}
    ${style.isEqual('keys', "['key']")}
  });

  it('is refused for good by a receiver that says no, and fails for a while where it has trouble', async () => {
    const refused = ${constant}.send(line, 'key', config, receiver(403));
    ${style.rejects('refused', 'ReactionRefused')}
    const failed = ${constant}.send(line, 'key', config, receiver(503));
    ${style.rejects('failed', 'Error')}
  });
});
`;
}
