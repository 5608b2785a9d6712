import { definedOnly, type Fact, type Notice, type NoticePosition, type Significance } from '../../model/notice.js';
import { Unreadable } from '../avro/unreadable.js';
import { shown } from './fields.js';
import { gwVoeventNotice } from './gw-voevent.js';
import { missionNamed } from './missions.js';
import { gbmClass, packetType, type PacketType } from './packet-types.js';
import { farHzOf } from './voevent-far.js';
import { timesOf, voeventLinks } from './voevent-parts.js';
import type { Voevent } from './voevent.js';

/** Flags by which senders call a notice a test. */
const TEST_FLAGS = [
  'Solution_Status/Test_Submission',
  'Trigger_ID/Test_Submission',
  'Trigger_ID/Test',
  'Trigger_ID/InternalTest',
];

/** Where the sender says that it has no position, and writes zeros. */
const NO_POSITION = 'unavailable/inappropriate';

/** The notice in a VOEvent. Throws `Unreadable` where it names no event. */
export function voeventNotice(event: Voevent): Notice {
  if (/\/LVC$/i.test(event.authority)) return gwVoeventNotice(event);
  const type = /^nasa\.gsfc\.gcn\//i.test(event.authority) ? packetType(event.params.number('Packet_Type')) : undefined;
  const mission = type?.mission ?? missionNamed(event.authority.split('/').at(-1) ?? event.authority);
  const isIceCube = type?.mission === 'IceCube';
  const revision = isIceCube ? event.params.number('Rev') : undefined;
  const isRetraction =
    event.params.isTrue('Trigger_ID/Retraction') || event.citations.some(({ cite }) => cite === 'retraction');
  return definedOnly({
    noticeId: event.ivorn,
    eventId: `${mission}:${isIceCube ? iceCubeEvent(event) : ownEventId(event)}`,
    names: event.names,
    mission,
    instrument: type?.instrument,
    kind: isRetraction ? 'retraction' : isIceCube && (revision ?? 0) > 0 ? 'update' : (type?.kind ?? 'other'),
    role: type?.isTest === true || TEST_FLAGS.some((flag) => event.params.isTrue(flag)) ? 'test' : event.role,
    revision,
    isRetraction,
    ...timesOf(event),
    position: positionOf(event, type),
    skyMap: skyMapOf(event),
    significance: significanceOf(event),
    facts: factsOf(event, type?.pipeline),
    links: voeventLinks(event),
    citations: event.citations,
    relatedEvents: [],
    warnings: event.warnings,
    format: 'VOEvent' as const,
  });
}

/** Run and number inside it, as IceCube's JSON notices join them. */
function iceCubeEvent({ params }: Voevent): string {
  const run = params.text('run_id');
  const event = params.text('event_id');
  if (run === undefined || event === undefined) {
    throw new Unreadable(
      'missing-field',
      `Param ${run === undefined ? 'run_id' : 'event_id'} is missing, expected IceCube's number`,
    );
  }
  if (!/^\d{1,20}$/.test(run) || !/^\d{1,20}$/.test(event)) {
    throw new Unreadable(
      'absurd-field',
      `Params run_id, event_id are ${shown(`${run}, ${event}`)}, expected decimal numbers`,
    );
  }
  return `${BigInt(run)}_${BigInt(event)}`;
}

/** The trigger number of GCN's missions; whoever sends none has one event a notice. */
function ownEventId({ params, authority, localId }: Voevent): string {
  const trigger = params.text('TrigID');
  if (trigger !== undefined) return trigger.slice(0, 80);
  if (/^nasa\.gsfc\.gcn\//i.test(authority)) {
    throw new Unreadable('missing-field', 'Param TrigID is missing, expected the number of the trigger');
  }
  return localId;
}

function positionOf({ position, params }: Voevent, type: PacketType | undefined): NoticePosition | undefined {
  if (position === undefined || params.text('Coords_String') === NO_POSITION) return undefined;
  if (position.errorRadiusDeg === undefined || type?.containment === undefined) return position;
  return { ...position, containment: type.containment };
}

function skyMapOf({ params }: Voevent): Notice['skyMap'] {
  const [, url] = params.addresses().find(([name]) => /^(skymap_fits|healpix_url)$/i.test(name)) ?? [];
  return url === undefined ? undefined : { url };
}

/** Names of the signal to noise ratio, the image's first; nought stands for unknown. */
const SNR = ['Image_Signif', 'Rate_Signif', 'Burst_Signif', 'Data_Signif', 'Trig_Signif'];

function significanceOf({ params }: Voevent): Significance {
  const signalness = params.number('signalness');
  return definedOnly({
    farHz: farHzOf(params),
    pAstro: signalness !== undefined && signalness >= 0 && signalness <= 1 ? signalness : undefined,
    classification: gbmClasses(params),
    energyTev: params.unit('energy') === 'TeV' ? params.number('energy') : undefined,
    snr: SNR.map((name) => params.number(name)).find((snr) => snr !== undefined && snr > 0),
  });
}

/** Fermi GBM's two likeliest classes, in percent. */
function gbmClasses(params: Voevent['params']): Record<string, number> | undefined {
  const classes = ['Most_Likely', 'Sec_Most_Likely'].flatMap((name) => {
    const title = gbmClass(params.number(`${name}_Index`));
    const percent = params.number(`${name}_Prob`) ?? -1;
    return title === undefined || percent < 0 || percent > 100 ? [] : [[title, percent / 100] as const];
  });
  return classes.length === 0 ? undefined : Object.fromEntries(classes);
}

function factsOf({ params, why }: Voevent, pipeline: string | undefined): Record<string, Fact> {
  return { ...params.facts(), ...why, ...(pipeline === undefined ? {} : { pipeline }) };
}
