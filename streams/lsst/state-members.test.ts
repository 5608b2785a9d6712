import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Alert } from '../../model/alert.js';
import type { Datapoint } from '../../model/datapoint.js';
import { stateLink } from '../../model/state-link.js';
import { lsstPacket, EARLIER, FORCED } from '../../test/lsst-packet.js';
import { describeWithData, sharedData } from '../../test/shared-data.js';
import { containerItems } from '../avro/container-records.js';
import { SchemaCache } from '../avro/schema-cache.js';
import { stateMembers } from './state-members.js';
import { lsst } from './survey.js';

/** What a store holds after these alerts: the first body of an id stays. */
function knownAfter(alerts: readonly Alert[]): Datapoint[] {
  const known = new Map<string, Datapoint>();
  for (const { datapoints } of alerts) {
    for (const point of datapoints) if (!known.has(point.id)) known.set(point.id, point);
  }
  return [...known.values()];
}

function linkOf(known: readonly Datapoint[], jd: number): number {
  return stateLink(stateMembers(known, jd).map(({ id }) => id));
}

function permutations<Item>(items: readonly Item[]): Item[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, index) =>
    permutations(items.filter((_, other) => other !== index)).map((rest) => [item, ...rest]),
  );
}

describe('the state of an LSST alert', () => {
  const { datapoints, jd } = lsst.readAlert(lsstPacket({ sources: [EARLIER], forced: [FORCED] }));

  it('has source, forced source, earlier source and object', () => {
    expect(stateMembers(datapoints, jd).map(({ kind }) => kind)).toEqual([
      ...['detection', 'forced', 'detection', 'object'],
    ]);
  });

  it('keeps a measurement that was processed again beside the first one', () => {
    const again = lsst.readAlert(lsstPacket({ forced: [{ ...FORCED, psfFlux: 60 }] })).datapoints;
    const forced = stateMembers([...datapoints, ...again], jd).filter(({ kind }) => kind === 'forced');
    expect(forced.map(({ body }) => body['psfFlux'])).toEqual([50, 60]);
  });

  it('has each datapoint once, in the order in which they are known', () => {
    expect(stateMembers([...datapoints, ...datapoints], jd)).toEqual(datapoints);
  });

  it('has nothing of its future, not what was known of the object then either', () => {
    const later = { source: { midpointMjdTai: 61010.25 }, object: { radecMjdTai: 61010.25, nDiaSources: 3 } };
    const future = lsst.readAlert(lsstPacket(later)).datapoints;
    expect(stateMembers([...datapoints, ...future], jd)).toEqual(datapoints);
    expect(stateMembers([...datapoints, ...future], jd + 10)).toHaveLength(6);
  });
});

describeWithData('three ELAsTiCC alerts that come as the 1st, the 3rd and the 2nd', () => {
  const container = readFileSync(join(sharedData, 'lsst/ampel/11290844.avro'));
  const alerts = [...containerItems(container, new SchemaCache())].map((item) => {
    if ('problem' in item) throw item.problem;
    return lsst.readAlert(item);
  });

  it("leave the same datapoints, which are AMPEL's, in whatever order they come", () => {
    for (const order of permutations(alerts)) {
      const known = knownAfter(order);
      expect(known).toHaveLength(21);
      expect(linkOf(known, Infinity)).toBe(-917097169);
    }
  });

  it('have the same states in whatever order they came', () => {
    for (const order of permutations(alerts)) {
      const known = knownAfter(order);
      const links = alerts.map(({ alertId, jd }) => [alertId, stateMembers(known, jd).length, linkOf(known, jd)]);
      expect(links).toEqual([
        ['22581688068', 18, 948560477],
        ['22581688070', 21, -917097169],
        ['22581688069', 20, 792119237],
      ]);
    }
  });

  it("have AMPEL's states as they come, as long as they come in order", () => {
    const [first, third, second] = alerts;
    if (first === undefined || second === undefined || third === undefined) throw new Error('three alerts');
    expect(linkOf(knownAfter([first]), first.jd)).toBe(-1010373664);
    expect(linkOf(knownAfter([first, third]), third.jd)).toBe(121322411);
    expect(linkOf(knownAfter([first, second, third]), third.jd)).toBe(-917097169);
  });
});
