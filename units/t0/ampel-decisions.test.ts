import { join } from 'node:path';
import type { Alert, FilterInput } from '../../model/alert.js';
import type { Verdict } from '../../model/decision.js';
import { readArchive } from '../../streams/archive/archive.js';
import { isBad } from '../../streams/packet.js';
import { ztf } from '../../streams/ztf/survey.js';
import { DAMAGED, isDecisionOfAmpel, readDecisionOracle } from '../../test/ampel-decisions.js';
import { describeWithData, sharedData } from '../../test/shared-data.js';
import { readsOf } from '../define.js';
import { loadRegistry, type Registry } from '../registry.js';

describeWithData("AMPEL's filters on real alerts", () => {
  const access = ztf.access;
  const oracle = readDecisionOracle();
  const filters = Object.entries(oracle.header.filters).map(([name, { unit, config }]) => ({ name, unit, config }));

  interface Seen {
    readonly alert: Alert;
    readonly row: readonly unknown[];
    readonly whole: FilterInput;
    /** What the screen decodes for the fields that each filter declares, in the order of `filters`. */
    readonly declared: readonly FilterInput[];
  }
  let registry: Registry;
  const alerts: Seen[] = [];

  const bind = ({ unit, config }: (typeof filters)[number]): ((input: FilterInput) => Verdict) => {
    const filter = registry.filter(unit);
    return filter.bind(filter.config.parse(config), { survey: 'ztf', files: new Map() });
  };

  beforeAll(async () => {
    registry = await loadRegistry();
    const rows = new Map(oracle.rows.map((row) => [`${String(row[2])} ${String(row[0])}`, row]));
    const screens = filters.map(({ unit, config }) => {
      const filter = registry.filter(unit);
      return ztf.screenReader(readsOf(filter, filter.config.parse(config), 'ztf'));
    });
    for await (const packet of readArchive([join(sharedData, 'ztf')])) {
      if (isBad(packet) || !packet.schema.rootFields.includes('objectId')) continue;
      const alert = ztf.readAlert(packet);
      const row = rows.get(`${packet.place.slice(sharedData.length + 1)} ${alert.alertId}`);
      const whole = ztf.filterInput(alert, access);
      const declared = screens.map((screen) => screen(packet).view(access)).filter((input) => input !== undefined);
      if (row !== undefined && whole !== undefined) alerts.push({ alert, row, whole, declared });
    }
  });

  it('are 17 configurations of 8 filters on 418 alerts, all but those of damaged containers', () => {
    expect(filters).toHaveLength(17);
    expect(new Set(filters.map(({ unit }) => unit)).size).toBe(8);
    const readable = oracle.rows.filter((row) => !String(row[2]).startsWith(DAMAGED));
    expect(oracle.rows).toHaveLength(418);
    expect(alerts.map(({ row }) => `${String(row[2])} ${String(row[0])}`).sort()).toEqual(
      readable.map((row) => `${String(row[2])} ${String(row[0])}`).sort(),
    );
  });

  it('see the same points of the same objects', () => {
    const facts = alerts.map(({ alert: { objectId, stock, datapoints } }) => {
      // AMPEL leaves the forced photometry in alerts aside.
      const points = datapoints.filter(({ kind }) => kind !== 'forced');
      return [objectId, stock, points.length, points.filter(({ kind }) => kind === 'detection').length];
    });
    expect(facts).toEqual(alerts.map(({ row }) => [row[1], String(row[3]), row[4], row[5]]));
  });

  it.each(filters)("$name decides as AMPEL's, with the first cut that fails and its value", (filter) => {
    const column = oracle.header.columns.indexOf(filter.name);
    const run = bind(filter);
    const verdicts = alerts.map(({ row, whole }) => [row, run(whole)] as const);
    const others = verdicts.filter(([row, verdict]) => !isDecisionOfAmpel(verdict, filter.unit, row[column]));
    expect(others.map(([row, verdict]) => [row[0], row[2], verdict, row[column]])).toEqual([]);
  });

  it.each(filters.map((filter, index) => ({ ...filter, index })))(
    '$name decides the same on only the fields that it declares',
    ({ index, ...filter }) => {
      const run = bind(filter);
      const verdicts = alerts.map(({ declared }) => {
        const input = declared[index];
        return input && run(input);
      });
      expect(verdicts).toEqual(alerts.map(({ whole }) => run(whole)));
    },
  );

  it.each(filters)('$name declares each reason that it gives', (filter) => {
    const run = bind(filter);
    const reasons = new Set(
      alerts.flatMap(({ whole }) => {
        const verdict = run(whole);
        return verdict.accepted ? [] : [verdict.reason];
      }),
    );
    const declared = Object.keys(registry.filter(filter.unit).reasons);
    expect([...reasons].filter((reason) => !declared.includes(reason))).toEqual([]);
  });
});
