import type { NoticeKind } from '../../model/notice.js';

/** What GCN's number of a notice type stands for. */
export interface PacketType {
  readonly mission: string;
  readonly instrument?: string;
  readonly kind: NoticeKind;
  /** Probability that the error circle holds the source, as GCN documents it for this type. */
  readonly containment?: number;
  readonly isTest?: boolean;
  /** In the words of IceCube's JSON notices. */
  readonly pipeline?: string;
}

const GBM = { mission: 'Fermi', instrument: 'GBM' } as const;
const LAT = { mission: 'Fermi', instrument: 'LAT' } as const;
const BAT = { mission: 'Swift', instrument: 'BAT' } as const;
const XRT = { mission: 'Swift', instrument: 'XRT' } as const;
const UVOT = { mission: 'Swift', instrument: 'UVOT' } as const;
const ICECUBE = { mission: 'IceCube', containment: 0.9 } as const;

/** Error circles of GBM are one sigma of a two-dimensional Gaussian, statistical only; of BAT, XRT and UVOT 90 %. */
const PACKET_TYPES: Readonly<Record<number, PacketType>> = {
  60: { ...BAT, kind: 'alert' },
  61: { ...BAT, kind: 'position', containment: 0.9 },
  62: { ...BAT, kind: 'no position' },
  63: { ...BAT, kind: 'light curve' },
  65: { ...BAT, kind: 'observing plan' },
  66: { mission: 'Swift', kind: 'observing plan' },
  67: { ...XRT, kind: 'position', containment: 0.9 },
  68: { ...XRT, kind: 'spectrum' },
  69: { ...XRT, kind: 'image' },
  70: { ...XRT, kind: 'light curve' },
  71: { ...XRT, kind: 'no position' },
  72: { ...UVOT, kind: 'image' },
  81: { ...UVOT, kind: 'position', containment: 0.9 },
  82: { ...BAT, kind: 'position', containment: 0.9, isTest: true },
  84: { ...BAT, kind: 'position', containment: 0.9 },
  97: { ...BAT, kind: 'quick-look position', containment: 0.9 },
  98: { ...BAT, kind: 'subthreshold', containment: 0.9 },
  110: { ...GBM, kind: 'alert' },
  111: { ...GBM, kind: 'flight position', containment: 0.68 },
  112: { ...GBM, kind: 'ground position', containment: 0.68 },
  115: { ...GBM, kind: 'final position', containment: 0.68 },
  119: { ...GBM, kind: 'position', containment: 0.68, isTest: true },
  121: { ...LAT, kind: 'position' },
  127: { ...LAT, kind: 'position', isTest: true },
  131: { ...GBM, kind: 'subthreshold', containment: 0.68 },
  173: { ...ICECUBE, kind: 'initial', pipeline: 'Gold Track Alert' },
  174: { ...ICECUBE, kind: 'initial', pipeline: 'Bronze Track Alert' },
  176: { ...ICECUBE, kind: 'initial', pipeline: 'Cascade Alert' },
};

/** The type with this number, where it is one that has a reader. */
export function packetType(number: number | undefined): PacketType | undefined {
  return number !== undefined && Object.hasOwn(PACKET_TYPES, number) ? PACKET_TYPES[number] : undefined;
}

/** Fermi GBM's classes by the index in its notices. */
const GBM_CLASSES: Readonly<Record<number, string>> = {
  1: 'UNRELIABLE_LOCATION',
  2: 'LOCAL_PARTICLES',
  3: 'BELOW_HORIZON',
  4: 'GRB',
  5: 'GENERIC_SGR',
  6: 'GENERIC_TRANSIENT',
  7: 'DISTANT_PARTICLES',
  8: 'SOLAR_FLARE',
  9: 'CYG_X1',
  10: 'SGR_1806_20',
  11: 'GROJ_0422_32',
  19: 'TGF',
};

export function gbmClass(index: number | undefined): string | undefined {
  return index !== undefined && Object.hasOwn(GBM_CLASSES, index) ? GBM_CLASSES[index] : undefined;
}
