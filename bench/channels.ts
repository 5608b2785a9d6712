import { readyChannel, type ReadyChannel } from '../activities/channel-revisions.js';
import { Follows } from '../activities/follows.js';
import { Screen } from '../activities/screen.js';
import { checkChannel } from '../channels/check-channel.js';
import { ztf } from '../streams/ztf/survey.js';
import { loadRegistry, type Registry } from '../units/registry.js';
import { HU_RAPID_CUTS, install } from './installation.js';
import { realContainers } from './real-packets.js';
import { inMemory, inTurns, screenAll } from './screen.js';

const ALERTS_A_ROUND = 6_000;
const LIST_ROWS = 10_000;

export interface ChannelsResult {
  readonly packets: number;
  /** Alerts/s of this process's CPU time, receipts written. */
  readonly oneChannel: number;
  readonly twentyChannels: number;
  /** Twenty over one. */
  readonly share: number;
}

/** No alert is as bright: what a filter accepts goes no further, so that only reading and T0 are measured. */
const NONE = { expression: 'candidate.magpsf < 1', reason: 'bench' };
const DECENT = { unit: 'DecentFilter', config: HU_RAPID_CUTS };

/** Filters of all kinds, as the channels of twenty groups have them. */
const FILTERS: readonly object[] = [
  DECENT,
  ...[0.2, 0.4, 0.5, 0.6, 0.7, 0.8].map((min_rb) => ({ unit: 'DecentFilter', config: { ...HU_RAPID_CUTS, min_rb } })),
  { unit: 'SimpleDecentFilter' },
  { unit: 'SolarSystemFilter' },
  { expression: 'candidate.rb > 0.3 && candidate.magpsf < 19.5 && candidate.ndethist < 10' },
  { expression: 'candidate.fid in [1, 2] && candidate.elong < 1.4 && candidate.nbad == 0 && candidate.fwhm < 5' },
  { expression: 'candidate.jd - candidate.jdstarthist < 30 && candidate.sgscore1 < 0.5' },
  { expression: 'candidate.isdiffpos in ["t", "1"] && candidate.magpsf - candidate.magnr < 0.5' },
  { expression: 'history.exists(p, has(p.magpsf) && p.magpsf > candidate.magpsf + 0.5)' },
  { unit: 'WatchlistFilter', config: { file: 'list.csv', radius: 3 } },
  {
    unit: 'SkyRegionFilter',
    config: {
      polygon: [
        [150, 0],
        [210, 0],
        [210, 60],
        [150, 60],
      ],
    },
  },
  { unit: 'SkyRegionFilter', config: { cone: { ra: 180, dec: 30, radius: 20 }, inside: false } },
  {
    any: [{ unit: 'WatchlistFilter', config: { file: 'list.csv', radius: 60 } }, { expression: 'candidate.drb > 0.9' }],
  },
  { all: [{ not: { expression: 'candidate.distnr < 1' } }, { unit: 'SolarSystemFilter' }] },
  { all: [{ expression: 'candidate.ssdistnr < 0 || candidate.ssdistnr > 20' }, DECENT] },
];

/** Reading and T0 of twenty channels with different filters beside one with DecentFilter, on real alerts, receipts written. */
export async function channels(report: (line: string) => void): Promise<ChannelsResult> {
  const containers = await realContainers();
  const repeats = Math.ceil(ALERTS_A_ROUND / containers.length);
  const registry = await loadRegistry();
  const twenty = FILTERS.map((filter, index) => readyOf(filter, index, registry));
  const installation = await install();
  try {
    let round = 0;
    const screened = (some: readonly ReadyChannel[]) => (): Promise<number> => {
      const stream = `bench${++round}`;
      return screenAll(
        new Screen(ztf, some, new Follows(stream)),
        inMemory(containers, repeats),
        installation.store,
        stream,
      );
    };
    const rates = await inTurns(report, {
      oneChannel: screened(twenty.slice(0, 1)),
      twentyChannels: screened(twenty),
    });
    return { packets: containers.length, ...rates, share: rates.twentyChannels / rates.oneChannel };
  } finally {
    await installation.close();
  }
}

function readyOf(filter: object, index: number, registry: Registry): ReadyChannel {
  const name = `BENCH${index}`;
  const t0 = { all: [filter, NONE] };
  const text = JSON.stringify({ name, version: '1.0.0', stream: 'ztf', access: ['ZTF_PUB'], t0 });
  const checked = checkChannel(text, `${name}.yaml`, registry, () => LIST);
  if (!checked.ok) throw new Error(JSON.stringify(checked.errors));
  return readyChannel(checked.revision, registry, checked.files);
}

/** Positions all over the sky, in a pattern that is the same each time. */
const LIST = Buffer.from(
  [
    'ra,dec',
    ...Array.from({ length: LIST_ROWS }, (_, i) => `${(i * 137.508) % 360},${((i * 0.0177) % 180) - 90}`),
  ].join('\n'),
);
