import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { lsstOccasion } from '../../test/receivers/hopskotch-occasion.js';
import { ReactionRefused, TryAgain, type Clients } from '../define.js';
import { hopskotchReaction } from './hopskotch-reaction.js';

const HOPSKOTCH = { topic: 'ampel.lsst.extragalactic-infants', user: 'ampel-1a2b3c', secret: 'hopskotch' };

const CLIENTS: Clients = {
  fetch: () => Promise.reject(new Error('not by HTTP')),
  secret: () => 'canary-password',
};

function configOf(over: Readonly<Record<string, unknown>> = {}) {
  return hopskotchReaction.config.parse({ ...HOPSKOTCH, ...over });
}

/** What is wrong with a config, with its place. */
function faultsOf(over: Readonly<Record<string, unknown>>): string[] {
  const { error } = hopskotchReaction.config.safeParse({ ...HOPSKOTCH, ...over });
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);
}

describe('the config', () => {
  it('is for Hopskotch as it stands', () => {
    expect(configOf()).toMatchObject({
      ...{ brokers: ['kafka.scimma.org:9092'], mechanism: 'scram-sha-512', security: 'tls' },
      ...{ bands: { LSST: 'lsst', ZTF_PUB: 'ztf' }, features: [], test: false },
    });
  });

  it.each([
    [{ brokers: ['kafka.scimma.org'] }, 'brokers.0: expected host:port, such as kafka.scimma.org:9092'],
    [{ brokers: ['user@kafka.scimma.org:9092'] }, 'brokers.0: expected host:port, such as kafka.scimma.org:9092'],
    [{ topic: 'ampel/lsst' }, 'topic: expected the name of a topic, such as ampel.lsst.extragalactic-transients'],
    [{ security: 'none' }, 'security: expected tls for another machine, kafka.scimma.org:9092'],
    [
      { security: 'none', brokers: ['127.0.0.1:9092', 'localhost.example.org:9092'] },
      'security: expected tls for another machine, localhost.example.org:9092',
    ],
    [{ user: undefined }, 'user: a login is both a user and a secret'],
    [{ secret: undefined }, 'secret: a login is both a user and a secret'],
    [{ bands: {} }, 'bands: expected one tag at least'],
    [{ bands: { LSST: 'LSST' } }, 'bands.LSST: expected small letters and digits'],
    [{ features: ['T2BazinFit.chi2'] }, 'features.0: expected a unit, such as T2LightCurveSummary'],
  ])('%j is refused', (over, fault) => {
    expect(faultsOf(over)).toEqual([fault]);
  });

  it.each(['127.0.0.1:9092', 'localhost:9092', '[::1]:9092'])('%s needs no TLS', (broker) => {
    expect(faultsOf({ security: 'none', brokers: [broker], user: undefined, secret: undefined })).toEqual([]);
  });
});

describe('sending', () => {
  let server: Server;
  let greeting = '';

  beforeAll(async () => {
    server = createServer((socket) => {
      socket.on('error', () => undefined);
      if (greeting !== '') socket.end(greeting);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterAll(() => server.close());
  beforeEach(() => {
    greeting = '';
  });

  async function failure(over: Readonly<Record<string, unknown>>, occasion = lsstOccasion()): Promise<Error> {
    const { port } = server.address() as AddressInfo;
    const config = configOf({ brokers: [`127.0.0.1:${port}`], security: 'none', timeoutSeconds: 1, ...over });
    const message = hopskotchReaction.compose(occasion, config);
    const error: unknown = await hopskotchReaction.send(message, 'key', config, CLIENTS).then(
      () => new Error('it did not fail'),
      (thrown: unknown) => thrown,
    );
    if (!(error instanceof Error)) throw new Error('it throws what is no error');
    expect([error.message, error.stack].join()).not.toContain('canary');
    return error;
  }

  it('is refused where there is nothing to publish, before anybody is asked', async () => {
    const error = await failure({ bands: { ZTF_PUB: 'ztf' } });
    expect(error).toBeInstanceOf(ReactionRefused);
    expect(error.message).toContain('no measured flux');
  });

  it('is refused where the id fits in no record', async () => {
    const error = await failure({}, lsstOccasion({ stock: '9223372036854775808' }));
    expect(error).toBeInstanceOf(ReactionRefused);
    expect(error.message).toContain('no Avro record');
  });

  it('is tried again where somebody listens and says nothing', async () => {
    const error = await failure({});
    expect(error).toBeInstanceOf(TryAgain);
    expect(error.message).toContain('no answer within 1 s');
  });

  it('is tried again where somebody speaks another language', async () => {
    greeting = 'HTTP/1.1 400 Bad Request\r\n\r\n';
    expect(await failure({})).toBeInstanceOf(TryAgain);
  });
});
