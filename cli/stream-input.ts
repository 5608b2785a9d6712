import { resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import type { KafkaLogin, KafkaSecurity, KafkaSource } from '../model/kafka-source.js';
import type { StreamSource } from '../model/stream.js';
import { isAddress } from '../streams/archive/download.js';
import { CliError } from './cli-error.js';
import { requirePath } from './existing-path.js';

/** What the options of `withInputOptions` give. */
export interface InputFlags {
  readonly from?: readonly string[];
  readonly simulate?: number;
  readonly seed: number;
  readonly kafka?: readonly string[];
  readonly topics?: readonly string[];
  readonly group?: string;
  readonly startAt: KafkaSource['startAt'];
  readonly untilEnd?: boolean;
  readonly tls?: true | string;
  readonly sasl?: KafkaLogin;
  readonly oauth?: string;
  readonly oauthClient?: string;
  readonly oauthScope?: string;
}

/** Options that say where a stream's packets come from. */
export function withInputOptions(command: Command): Command {
  return command
    .optionsGroup('Input, one of:')
    .option('--from <path...>', 'files, archives, folders or addresses (https://…), in this order')
    .option('--kafka <host:port...>', 'brokers of a Kafka cluster')
    .addOption(new Option('--simulate <nights>', 'alerts of a simulated survey').argParser(positive))
    .optionsGroup('With --kafka:')
    .option('--topics <name...>', 'topics, or patterns between slashes: "/^ztf_\\d{8}_programid1$/"')
    .option('--group <name>', 'consumer group (default: ampel-<name of the stream>)')
    .addOption(
      new Option('--start-at <when>', 'where nobody of the group has read: earliest, latest or a time (ISO 8601)')
        .argParser(startAt)
        .default('earliest'),
    )
    .option('--until-end', 'stop where the topics end now')
    .option('--tls [file]', "encrypted; with the file of the authority's certificate where it is none that is known")
    .addOption(new Option('--sasl <login>', 'plain:USER:SECRET, scram-sha-256:… or scram-sha-512:…').argParser(login))
    .option('--oauth <url>', 'OpenID Connect: address of the token')
    .option('--oauth-client <login>', 'OpenID Connect: CLIENT_ID:SECRET')
    .option('--oauth-scope <scope>', 'OpenID Connect: what to ask for')
    .optionsGroup('With --simulate:')
    .addOption(new Option('--seed <number>', 'the same gives the same sky').argParser(positive).default(1))
    .optionsGroup('Options:');
}

/** The source that the options name. Throws `CliError` (wrong use or input). */
export async function streamSource(stream: string, flags: InputFlags): Promise<StreamSource> {
  const given = [flags.from, flags.kafka, flags.simulate].filter((input) => input !== undefined);
  if (given.length !== 1) throw new CliError('Expected one of --from, --kafka and --simulate', 2);
  if (flags.from !== undefined) return archive(flags.from);
  if (flags.simulate !== undefined) return { kind: 'simulation', nights: flags.simulate, seed: flags.seed };
  return kafka(stream, flags.kafka ?? [], flags);
}

async function archive(from: readonly string[]): Promise<StreamSource> {
  for (const path of from) if (!isAddress(path)) await requirePath(path);
  return { kind: 'archive', paths: from.map((path) => (isAddress(path) ? path : resolve(path))) };
}

function kafka(stream: string, brokers: readonly string[], flags: InputFlags): KafkaSource {
  const { topics = [], group = `ampel-${stream}`, untilEnd } = flags;
  if (topics.length === 0) throw new CliError('--kafka needs --topics', 2);
  for (const topic of topics) requirePattern(topic);
  const security = securityOf(flags);
  return {
    ...{ kind: 'kafka', brokers, topics, group, startAt: flags.startAt },
    ...(untilEnd === true && { until: 'end' as const }),
    ...(security !== undefined && { security }),
  };
}

function securityOf({ tls, sasl, oauth, oauthClient, oauthScope }: InputFlags): KafkaSecurity | undefined {
  if (sasl !== undefined && oauth !== undefined) throw new CliError('--sasl and --oauth are two ways to log in', 2);
  const log = oauth === undefined ? sasl : oauthLogin(oauth, oauthClient, oauthScope);
  if (tls === undefined && log === undefined) return undefined;
  return {
    ...(tls !== undefined && { tls: tls === true ? tls : { caPath: resolve(tls) } }),
    ...(log !== undefined && { sasl: log }),
  };
}

function oauthLogin(tokenUrl: string, client: string | undefined, scope: string | undefined): KafkaLogin {
  const [clientId = '', clientSecret = ''] = client?.split(':') ?? [];
  if (clientId === '' || clientSecret === '') throw new CliError('--oauth needs --oauth-client CLIENT_ID:SECRET', 2);
  return { mechanism: 'oauthbearer', tokenUrl, clientId, clientSecret, ...(scope !== undefined && { scope }) };
}

function requirePattern(topic: string): void {
  if (!topic.startsWith('/')) return;
  try {
    if (!topic.endsWith('/') || topic.length < 3) throw new Error('it has no second slash');
    new RegExp(topic.slice(1, -1));
  } catch (error) {
    throw new CliError(`${topic} is no pattern: ${error instanceof Error ? error.message : String(error)}`, 2);
  }
}

function login(text: string): KafkaLogin {
  const [mechanism = '', username = '', passwordSecret = '', ...rest] = text.split(':');
  const known = (['plain', 'scram-sha-256', 'scram-sha-512'] as const).find((one) => one === mechanism);
  if (known !== undefined && username !== '' && /^\w+$/.test(passwordSecret) && rest.length === 0)
    return { mechanism: known, username, passwordSecret };
  // Without the text: who gives a password here does not want to see it again.
  throw new InvalidArgumentError(
    'Expected plain:USER:SECRET, where AMPEL_SECRET_<SECRET> has the password in the environment of the worker.',
  );
}

function startAt(text: string): KafkaSource['startAt'] {
  if (text === 'earliest' || text === 'latest') return text;
  const timeMs = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(timeMs)) return { timeMs };
  throw new InvalidArgumentError('Expected earliest, latest or a time such as 2026-11-20T18:00:00Z.');
}

function positive(text: string): number {
  const number = Number(text);
  if (/^\d{1,9}$/.test(text) && number >= 1) return number;
  throw new InvalidArgumentError('Expected a whole number from 1.');
}
