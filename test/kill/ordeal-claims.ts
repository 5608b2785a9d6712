import type { Ordeal } from './ordeal.js';
import { differences, digestOf } from './snapshot.js';

/** What has to hold after every ordeal, as tests; `ordeal` is called inside of them. */
export function itLeavesNoTrace(ordeal: () => Ordeal): void {
  it('ends with the documents of an undisturbed run, in every collection', () => {
    const { undisturbed, disturbed } = ordeal();
    expect(differences(undisturbed.snapshot, disturbed.snapshot)).toEqual([]);
    expect(digestOf(disturbed.snapshot)).toEqual(digestOf(undisturbed.snapshot));
  });

  it('has decided on every accepted alert, and no transient failed', () => {
    const { nights, undisturbed, disturbed } = ordeal();
    expect(disturbed.progress).toMatchObject({ position: nights.alerts + nights.damaged, doing: 'finished' });
    expect(disturbed.progress?.forwarded).toBe(undisturbed.snapshot.get('alerts')?.size);
    expect([...undisturbed.unwell, ...disturbed.unwell]).toEqual([]);
  });

  it('puts each damaged packet aside once', () => {
    const { nights, disturbed } = ordeal();
    expect(nights.damaged).toBeGreaterThan(0);
    expect(disturbed.snapshot.get('deadletters')?.size).toBe(nights.damaged);
  });

  it('tells the receiver of every reaction, in the same words at every try, and confirms it once', () => {
    const { undisturbed, disturbed } = ordeal();
    for (const { reactions, deliveries } of [undisturbed, disturbed]) {
      const confirmed = reactions.filter(({ state }) => state === 'confirmed').map(({ _id }) => _id);
      expect(confirmed.length).toBeGreaterThan(0);
      expect([...deliveries.keys()].sort()).toEqual(confirmed.sort());
      expect([...deliveries].filter(([, bodies]) => new Set(bodies).size !== 1)).toEqual([]);
    }
    const states = new Set(disturbed.reactions.map(({ state }) => state));
    expect([...states].sort()).toEqual(['called off', 'confirmed']);
  });
}
