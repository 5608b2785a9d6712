import { Binary } from 'mongodb';
import type { Alert } from '../model/alert.js';
import { CUTOUT_NAMES } from '../model/cutouts.js';
import type { Store } from '../store/store.js';
import { alertKey } from './claimed-ids.js';
import type { Forwarded, KeptCutouts } from './screen.js';

const DAY_MS = 86_400_000;

/** Writes the image stamps that channels want kept; the same again changes nothing but how long. */
export async function persistCutouts(store: Store, forwarded: readonly Forwarded[], nowMs: number): Promise<void> {
  const writes = forwarded.flatMap(({ alert, cutouts }) =>
    cutouts === undefined ? [] : [write(alert, cutouts, nowMs)],
  );
  if (writes.length > 0) await store.cutouts.bulkWrite(writes, { ordered: false });
}

function write(alert: Alert, { stamps, channels, days }: KeptCutouts, nowMs: number) {
  const { survey, objectId, stock, alertId, jd } = alert;
  const packed = CUTOUT_NAMES.flatMap((name) => {
    const bytes = stamps[name];
    return bytes === undefined ? [] : [[name, new Binary(bytes)] as const];
  });
  const fields = { survey, objectId, stock, alertId, jd, tags: tagsOf(alert), stamps: Object.fromEntries(packed) };
  return {
    updateOne: {
      filter: { _id: alertKey(alert) },
      update: {
        $setOnInsert: fields,
        $addToSet: { channels: { $each: [...channels] } },
        $max: { expiresAt: new Date(nowMs + days * DAY_MS) },
      },
      upsert: true,
    },
  };
}

/** Whoever may see the detection may see its images. */
function tagsOf({ datapoints, jd }: Alert): readonly string[] {
  return datapoints.find((point) => point.kind === 'detection' && point.jd === jd)?.tags ?? [];
}
