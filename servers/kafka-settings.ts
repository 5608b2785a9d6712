import { LOCAL_HOST } from './local-address.js';

/** A further door of a broker. */
export interface KafkaListener {
  /** In capitals: `TLS`. */
  readonly name: string;
  readonly protocol: 'PLAINTEXT' | 'SSL' | 'SASL_PLAINTEXT' | 'SASL_SSL';
  /** 0, the default, takes a free one. */
  readonly port?: number;
}

export type OpenListener = KafkaListener & { readonly port: number };

export interface KafkaPlace {
  readonly port: number;
  readonly controllerPort: number;
  readonly listeners: readonly OpenListener[];
  readonly dataFolder: string;
  readonly settings: Readonly<Record<string, string>>;
}

/** The broker's own words go to its output, from warnings on. */
export const LOG_SETTINGS = `appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=[%d] %p %m (%c)%n
rootLogger.level=WARN
rootLogger.appenderRef.out.ref=out
`;

/** The properties of a broker that is its own controller and listens on this machine only. */
export function kafkaProperties({ port, controllerPort, listeners, dataFolder, settings }: KafkaPlace): string {
  const doors: readonly OpenListener[] = [{ name: 'PLAIN', protocol: 'PLAINTEXT', port }, ...listeners];
  const addresses = doors.map((door) => `${door.name}://${LOCAL_HOST}:${door.port}`);
  const protocols = [...doors.map((door) => `${door.name}:${door.protocol}`), 'CONTROLLER:PLAINTEXT'];
  const properties = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@${LOCAL_HOST}:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    listeners: [...addresses, `CONTROLLER://${LOCAL_HOST}:${controllerPort}`].join(','),
    'advertised.listeners': addresses.join(','),
    'listener.security.protocol.map': protocols.join(','),
    'inter.broker.listener.name': 'PLAIN',
    'log.dirs': dataFolder,
    // One node has no replicas, and no other members of a group to wait for.
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '5',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    'auto.create.topics.enable': 'false',
    // Messages of nights long past would be deleted within minutes: their own times count.
    'log.retention.ms': '-1',
    ...settings,
  };
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${escaped(value)}\n`)
    .join('');
}

/** In a Java properties file a backslash escapes and a line ends the value. */
function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}
