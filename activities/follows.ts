import type { Follow } from '../store/documents.js';
import type { Store } from '../store/store.js';
import type { PacketPlace } from '../streams/packet.js';

/** The clocks of this machine and the data base's may differ by so much. */
const CLOCK_SKEW_MS = 10_000;

/** Which objects a channel follows since an alert of which stream, as this reader knows. */
export class Follows {
  private readonly byObject = new Map<string, Map<string, Follow>>();
  private heardAt = new Date(0);

  constructor(
    private readonly stream: string,
    private readonly clockSkewMs = CLOCK_SKEW_MS,
  ) {}

  /** What readers wrote since the last time. */
  async hear(store: Store): Promise<void> {
    const since = new Date(this.heardAt.getTime() - this.clockSkewMs);
    const now = new Date();
    const grown = store.stocks.find({ followedAt: { $gte: since } }, { projection: { names: 1, follows: 1 } });
    for await (const { names, follows = {} } of grown) {
      for (const objectId of names) {
        for (const [channel, follow] of Object.entries(follows)) this.learn(objectId, channel, follow);
      }
    }
    this.heardAt = now;
  }

  learn(objectId: string, channel: string, since: Follow): void {
    this.channelsOf(objectId).set(channel, since);
  }

  /** Notes an acceptance; the first one stays. */
  add(objectId: string, channel: string, { partition, offset }: PacketPlace): void {
    const channels = this.channelsOf(objectId);
    if (!channels.has(channel)) channels.set(channel, { stream: this.stream, partition, offset });
  }

  /** Only what was accepted before this alert counts, so that a batch read twice is screened the same twice. */
  isFollowed(objectId: string, channel: string, { partition, offset }: PacketPlace): boolean {
    const since = this.byObject.get(objectId)?.get(channel);
    if (since === undefined) return false;
    return since.stream !== this.stream || since.partition !== partition || since.offset < offset;
  }

  private channelsOf(objectId: string): Map<string, Follow> {
    let channels = this.byObject.get(objectId);
    if (channels === undefined) this.byObject.set(objectId, (channels = new Map<string, Follow>()));
    return channels;
  }
}
