import { activateChannel } from '../../activities/channel-life.js';
import { ChannelRevisions, type ReadyChannel } from '../../activities/channel-revisions.js';
import { decide } from '../../activities/decide.js';
import { persistAlerts } from '../../activities/persist-alerts.js';
import { runUnit } from '../../activities/run-unit.js';
import { runnerInThisThread } from '../../activities/unit-runner.js';
import type { DecideOutcome, UnitOutcome, UnitTask } from '../../model/transient.js';
import type { Store } from '../../store/store.js';
import { lsst } from '../../streams/lsst/survey.js';
import type { Alert } from '../../model/alert.js';
import { ztf } from '../../streams/ztf/survey.js';
import type { Clients } from '../../units/define.js';
import { NO_CLIENTS } from '../../units/no-clients.js';
import type { Registry } from '../../units/registry.js';
import { lsstPacket, type LsstPacket } from '../lsst-packet.js';
import { packetOf, type ZtfPacket } from '../ztf-packet.js';
import { inActivity } from './watched-store.js';

const CLOCK = { stream: 'june' };

export const ztfAlert = (packet: ZtfPacket): Alert => ztf.readAlert(packetOf(packet));
export const lsstAlert = (packet: LsstPacket): Alert => lsst.readAlert(lsstPacket(packet));

/** Objects whose alerts are written and decided on one after the other, as their transients do it. */
export class DecidedObjects {
  constructor(
    readonly store: Store,
    readonly registry: Registry,
    readonly channels: readonly ReadyChannel[],
  ) {}

  async start(): Promise<this> {
    for (const channel of this.channels) await activateChannel(this.store, channel);
    return this;
  }

  /** One alert: T0, T1 and light T2. */
  async take(alert: Alert): Promise<DecideOutcome> {
    await this.write(alert);
    return await this.decideOn([alert]);
  }

  async write(alert: Alert): Promise<void> {
    const reading = this.channels.filter(({ filters }) => filters.has(alert.survey));
    const channels = reading.map(({ ref }) => ref);
    const accepted = reading.map(({ channel }) => channel.name);
    await persistAlerts(this.store, 'june', [
      { partition: 'archive', offset: 0, place: 'test.avro', alert, channels, accepted },
    ]);
  }

  async decideOn(alerts: readonly Alert[]): Promise<DecideOutcome> {
    const [first] = alerts;
    if (first === undefined) throw new Error('no alert');
    const { survey, objectId, stock } = first;
    const refs = this.channels.filter(({ filters }) => filters.has(survey)).map(({ ref }) => ref);
    const detections = alerts.map(({ alertId, jd }) => ({ alertId, jd, channels: refs }));
    const request = { survey, objectId, stock, detections, clock: CLOCK, pending: [] };
    const revisions = new ChannelRevisions(this.store, this.registry);
    return await inActivity(() => decide(this.store, revisions, request));
  }

  /** An activity of one unit of a decision, with these clients. */
  async run(alert: Alert, task: UnitTask, clients: Clients = NO_CLIENTS.clients, attempt = 1): Promise<UnitOutcome> {
    const { store, registry } = this;
    const { survey, objectId, stock } = alert;
    const deps = { store, registry, revisions: new ChannelRevisions(store, registry), clients };
    const request = { survey, objectId, stock, clock: CLOCK, task };
    return await inActivity(() => runUnit({ ...deps, runner: runnerInThisThread(registry) }, request), attempt);
  }
}
