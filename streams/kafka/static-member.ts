import type { Broker, Cluster } from 'kafkajs';

/** The client's version whose inside this file knows; a test holds it against what is installed. */
export const KNOWN_CLIENT = '2.2.4';

/** Kafka's numbers of the requests in which a member of a group names itself. */
const JOIN_GROUP = 11;
const MEMBER_REQUESTS: readonly unknown[] = [JOIN_GROUP, 12, 13, 14];

export interface StaticMember {
  /** The member's lasting name (KIP-345). */
  readonly instanceId: string;
  /**
   * The id that the group gave this member earlier, for joining again with other topics: a member that comes without
   * gets its old partitions back as if nothing had changed. Used once.
   */
  formerId?: string | undefined;
  /** True once the reader has been closed: nothing may join any more. */
  isClosed(): boolean;
  /** Waited for before the member joins: when all have, its partitions may be another's. */
  beforeJoining(): Promise<void>;
  /** A position is not, or no longer, in the log. What is returned is the answer to a request for nothing. */
  onOutOfRange(topic: string, partition: number): void;
}

/**
 * Makes the consumer of this cluster a static member of its group: one that comes back under its name within the session
 * time-out gets its partitions without a rebalance. The client has no option for that, but the messages of its protocol
 * have the field. A partition assigner is handed the consumer's own cluster, which gets all its brokers by `findBroker`;
 * so a view of each broker is enough, and nothing is changed for other consumers.
 *
 * More can be seen only there: a member that leaves would give up its name at once, so it does not leave; a position
 * outside of the log would be replaced silently, by committing "earliest" for the group, before anybody hears; and a member
 * joins anew without asking whether its work on the partitions that it had is done.
 */
export function joinAsStaticMember(cluster: Cluster, member: StaticMember): void {
  const find = cluster.findBroker.bind(cluster);
  const views = new WeakMap<Broker, Broker>();
  cluster.findBroker = async (node) => {
    if (member.isClosed()) throw Object.assign(new Error('the reader is closed'), { retriable: false });
    const broker = await find(node);
    const view = views.get(broker) ?? viewOf(broker, member);
    views.set(broker, view);
    return view;
  };
}

function viewOf(broker: Broker, member: StaticMember): Broker {
  return new Proxy(broker, {
    get(target, name, view): unknown {
      if (name === 'leaveGroup') return () => Promise.resolve();
      if (name === 'fetch') return (request: FetchRequest) => fetchOrTell(target, request, member);
      const value: unknown = Reflect.get(target, name, view);
      if (name === 'joinGroup' && isCall(value)) {
        return async (request: unknown) => {
          await member.beforeJoining();
          return value.call(view, request);
        };
      }
      return name === 'lookupRequest' && isLookup(value) ? withInstanceId(value, member) : value;
    },
  });
}

type FetchRequest = Parameters<Broker['fetch']>[0];

async function fetchOrTell(broker: Broker, request: FetchRequest, member: StaticMember): Promise<unknown> {
  try {
    return (await broker.fetch(request)) as unknown;
  } catch (error) {
    if (!isOutOfRange(error)) throw error;
    member.onOutOfRange(error.topic, error.partition);
    return { responses: [] };
  }
}

function isOutOfRange(error: unknown): error is { readonly topic: string; readonly partition: number } {
  return typeof error === 'object' && error !== null && 'name' in error && error.name === 'KafkaJSOffsetOutOfRange';
}

type Call = (this: unknown, request: unknown) => Promise<unknown>;

function isCall(value: unknown): value is Call {
  return typeof value === 'function';
}

/** Answers with the function that makes a request from its fields. */
type Lookup = (apiKey: unknown, definition: unknown) => (fields?: object) => unknown;

function isLookup(value: unknown): value is Lookup {
  return typeof value === 'function';
}

function withInstanceId(lookup: Lookup, member: StaticMember): Lookup {
  return (apiKey, definition) => {
    const make = lookup(apiKey, definition);
    if (!MEMBER_REQUESTS.includes(apiKey)) return make;
    return (fields) => {
      const { instanceId: groupInstanceId, formerId } = member;
      const isNew = apiKey === JOIN_GROUP && fields !== undefined && 'memberId' in fields && fields.memberId === '';
      if (!isNew || formerId === undefined) return make({ ...fields, groupInstanceId });
      member.formerId = undefined;
      return make({ ...fields, groupInstanceId, memberId: formerId });
    };
  };
}
