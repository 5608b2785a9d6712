import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { ClientSession } from 'mongodb';
import type { StreamRequest } from '../model/stream.js';
import type { Clock } from '../model/transient.js';
import { workflowId } from '../model/workflow-names.js';
import type { Store } from '../store/store.js';
import type { BadPacket, Packet } from '../streams/packet.js';
import { surveyNamed } from '../streams/surveys.js';
import type { Clients } from '../units/define.js';
import type { Registry } from '../units/registry.js';
import { BegunAlerts } from './begun-alerts.js';
import { channelRef, ChannelRevisions, type ReadyChannel } from './channel-revisions.js';
import { Follows } from './follows.js';
import type { Intake, OpenBatch } from './intake.js';
import { NightCaps } from './night-caps.js';
import { signalDetections } from './notify-transients.js';
import type { BatchCounts } from './partition-positions.js';
import { persistAlerts } from './persist-alerts.js';
import { persistDeadLetters } from './persist-dead-letters.js';
import { persistReceipt } from './persist-receipt.js';
import { Screen, type BatchInWork } from './screen.js';

export interface IngestDeps {
  readonly store: Store;
  readonly client: Client;
  readonly registry: Registry;
  readonly clients: Clients;
}

const REFRESH_MS = 2_000;

/** Alerts: screened for the active channels, receipted, and passed on to their transients. */
export class AlertIntake implements Intake<Packet> {
  private readonly follows: Follows;
  private readonly revisions: ChannelRevisions;
  private readonly begun = new BegunAlerts();
  private readonly caps = new NightCaps();
  private readonly running = new Set<string>();
  private current: { readonly screen: Screen; readonly key: string } | undefined;
  private refreshedMs = 0;

  constructor(
    private readonly deps: IngestDeps,
    private readonly request: StreamRequest,
  ) {
    this.follows = new Follows(request.name);
    this.revisions = new ChannelRevisions(deps.store, deps.registry);
  }

  async refresh(): Promise<void> {
    if (this.current !== undefined && Date.now() - this.refreshedMs < REFRESH_MS) return;
    const { survey } = this.request;
    const channels = await this.activeChannels();
    // Reading on would lose alerts: the stream waits, and says so, until there is somebody to read for.
    if (channels.length === 0) throw new Error(`no channel is active for ${survey}: start or resume one`);
    await this.follows.hear(this.deps.store);
    const key = channels.map(({ ref }) => ref).join();
    if (this.current?.key !== key) {
      this.current = {
        screen: new Screen(surveyNamed(survey), channels, this.follows, this.begun, this.caps),
        key,
      };
    }
    this.refreshedMs = Date.now();
  }

  async takeOver(positions: ReadonlyMap<string, number>): Promise<void> {
    const { store } = this.deps;
    await Promise.all([
      ...[this.follows.hear(store), this.begun.hear(store, this.request.name, positions)],
      this.caps.hearAnew(store),
    ]);
  }

  begin(partition: string, from: number): OpenBatch<Packet> {
    if (this.current === undefined) throw new Error('no channels were looked for yet');
    const { screen } = this.current;
    const batch = screen.begin(partition, from);
    return {
      ...{ partition, bad: batch.bad },
      get size(): number {
        return batch.size;
      },
      add: (packet: Packet | BadPacket): void => {
        screen.add(batch, packet);
      },
      persist: (to, reading) => this.persist(batch, to, reading),
    };
  }

  private async persist(work: BatchInWork, to: number, reading: number): Promise<Omit<BatchCounts, 'end'>> {
    const { store, client } = this.deps;
    const { name } = this.request;
    const batch = { ...work, to };
    const { partition, from, clockJd } = batch;
    const bad = [...batch.bad];
    const { own, claiming } = await persistAlerts(store, name, batch.forwarded);
    await Promise.all([
      signalDetections(client, this.clock(), own, this.running),
      persistDeadLetters(store, name, [...bad, ...claiming]),
    ]);
    await this.pauseFull(batch.acceptances);
    const counts = { read: batch.alertIds.length, unreadable: bad.length, forwarded: own.length };
    // They could be read and are counted so.
    work.bad.push(...claiming);
    const receipt = (session?: ClientSession): Promise<void> =>
      persistReceipt(store, { stream: name, reading }, { ...batch, bad, forwarded: own }, session);
    return { partition, from, to, ...counts, clockJd, receipt };
  }

  /** A channel that floods its followers is paused, with the reason. */
  private async pauseFull({ full }: BatchInWork['acceptances']): Promise<void> {
    for (const [name, because] of full) {
      const message = `${because}; resume it, give it a higher cap, or mend its filter`;
      try {
        await this.deps.client.workflow.getHandle(workflowId.channel(name)).signal('pause', message);
      } catch (error) {
        // A channel that has stopped accepts nothing any more.
        if (!(error instanceof WorkflowNotFoundError)) throw error;
      }
    }
  }

  private async activeChannels(): Promise<ReadyChannel[]> {
    const active = await this.deps.store.channels
      .find({ streams: this.request.survey, state: 'active' })
      .sort({ _id: 1 })
      .toArray();
    const channels = await Promise.all(
      active.map(({ _id: name, hash }) => this.revisions.get(channelRef({ channel: { name }, hash }))),
    );
    const epochs = new Map(active.map(({ _id: name, epoch = 0 }) => [name, epoch]));
    const capped = channels.flatMap(({ channel: { name, maxPerNight } }) => {
      return maxPerNight === undefined ? [] : [{ name, maxPerNight, epoch: epochs.get(name) ?? 0 }];
    });
    await this.caps.hear(this.deps.store, capped);
    return channels;
  }

  private clock(): Clock {
    return this.request.clock === 'wall' ? 'live' : { stream: this.request.name };
  }
}
