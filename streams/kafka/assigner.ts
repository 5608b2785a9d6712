import kafkajs, { type Assigner, type Cluster, type GroupMember, type GroupMemberAssignment } from 'kafkajs';
import { byTopic, partitionKey } from './partition-key.js';

const { MemberAssignment, MemberMetadata } = kafkajs.AssignerProtocol;

const NAME = 'ampel';
const VERSION = 1;

export interface Membership {
  /** Which of the stream's readers this is. */
  readonly index: number;
  /** Counted up to have the partitions given out anew. */
  readonly round: number;
}

/** A member as the one that gives out the partitions sees it. */
export interface Candidate {
  readonly memberId: string;
  readonly topics: readonly string[];
  /** By which readers are put in order; those of another program come last, by their id. */
  readonly order: string;
}

/**
 * Gives each partition to one of the readers of its topic, in turn: reader 0 gets the first. The same readers and
 * topics always give the same result, so that whoever comes back finds its own again.
 */
export function shareOut(candidates: readonly Candidate[], partitions: readonly string[]): Map<string, string[]> {
  const inOrder = [...candidates].sort((a, b) => a.order.localeCompare(b.order, 'en', { numeric: true }));
  const shares = new Map<string, string[]>(inOrder.map(({ memberId }) => [memberId, []]));
  for (const { topic, partitions: numbers } of byTopic(partitions).sort((a, b) => a.topic.localeCompare(b.topic))) {
    const readers = inOrder.filter(({ topics }) => topics.includes(topic));
    // Topics of one partition each must not all go to the first.
    const start = readers.length === 0 ? 0 : sum(shares) % readers.length;
    for (const [i, partition] of numbers.sort((a, b) => a - b).entries()) {
      const reader = readers[(start + i) % readers.length];
      if (reader !== undefined) shares.get(reader.memberId)?.push(partitionKey(topic, partition));
    }
  }
  return shares;
}

function sum(shares: ReadonlyMap<string, readonly string[]>): number {
  return [...shares.values()].reduce((total, share) => total + share.length, 0);
}

/** `shareOut` as the client wants it. */
export function readerAssigner(cluster: Cluster, membership: Membership): Assigner {
  return {
    name: NAME,
    version: VERSION,
    protocol: ({ topics }) => ({
      name: NAME,
      metadata: MemberMetadata.encode({ version: VERSION, topics, userData: Buffer.from(JSON.stringify(membership)) }),
    }),
    assign({ members, topics }) {
      const partitions = topics.flatMap((topic) =>
        cluster.findTopicPartitionMetadata(topic).map(({ partitionId }) => partitionKey(topic, partitionId)),
      );
      return Promise.resolve([...shareOut(members.map(candidateOf), partitions)].map(toAnswer));
    },
  };
}

function candidateOf({ memberId, memberMetadata }: GroupMember): Candidate {
  const metadata = MemberMetadata.decode(memberMetadata);
  const index = /^\{"index":(\d{1,6}),/.exec(metadata?.userData.toString() ?? '')?.[1];
  return { memberId, topics: metadata?.topics ?? [], order: index ?? `other ${memberId}` };
}

function toAnswer([memberId, keys]: [string, string[]]): GroupMemberAssignment {
  const assignment = Object.fromEntries(byTopic(keys).map(({ topic, partitions }) => [topic, partitions]));
  return {
    memberId,
    memberAssignment: MemberAssignment.encode({ version: VERSION, assignment, userData: Buffer.alloc(0) }),
  };
}

/** The partitions that a description of the group's member says it has. */
export function assignedKeys(memberAssignment: Buffer): string[] {
  // A member that has just joined has none, and the client cannot decode nothing.
  if (memberAssignment.length === 0) return [];
  const topics = MemberAssignment.decode(memberAssignment)?.assignment ?? {};
  return Object.entries(topics).flatMap(([topic, partitions]) => partitions.map((one) => partitionKey(topic, one)));
}
