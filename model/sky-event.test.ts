import fc from 'fast-check';
import type { Instant, Notice } from './notice.js';
import { revise, skyEventId, type SkyEvent } from './sky-event.js';

const MINUTE_DAYS = 1 / 1440;
const MERGER_JD = 2458424.4324844265;

function minutesAfter(minutes: number): Instant {
  return { jd: MERGER_JD + minutes * MINUTE_DAYS, iso: `T+${minutes} min` };
}

/** A notice of one superevent, some minutes after the merger. */
function noticeAt(minutes: number, kind: Notice['kind'], changes: Partial<Notice> = {}): Notice {
  return {
    noticeId: `ivo://gwnet/LVC#S181101ab-${changes.revision ?? minutes}-${kind}`,
    eventId: 'LVK:S181101ab',
    names: [],
    mission: 'LVK',
    kind,
    role: 'observation',
    isRetraction: kind === 'retraction',
    issuedAt: minutesAfter(minutes),
    eventTime: minutesAfter(0),
    significance: {},
    facts: { GraceID: 'S181101ab' },
    links: {},
    citations: [],
    relatedEvents: [],
    warnings: [],
    format: 'VOEvent',
    ...changes,
  };
}

function eventOf(notices: readonly Notice[]): SkyEvent {
  const event = notices.reduce<SkyEvent | undefined>(revise, undefined);
  if (event === undefined) throw new Error('an event needs a notice');
  return event;
}

function stateOf(...notices: readonly Notice[]): SkyEvent['state'] {
  const state = eventOf(notices).state;
  expect(eventOf(notices.toReversed()).state).toBe(state);
  return state;
}

const MAP = { url: 'https://gracedb.ligo.org/bayestar.fits.gz,0' };
const BETTER_MAP = { url: 'https://gracedb.ligo.org/LALInference.fits.gz,0' };

describe('an event in the sky', () => {
  it('is what its newest notices say, and remembers which came when', () => {
    const event = eventOf([
      noticeAt(12, 'preliminary', { revision: 1, skyMap: MAP, significance: { farHz: 1e-9 } }),
      noticeAt(90, 'initial', { revision: 2, skyMap: BETTER_MAP, names: ['GW181101'] }),
    ]);
    expect(event).toMatchObject({
      id: 'LVK:S181101ab',
      mission: 'LVK',
      state: 'active',
      names: ['GW181101'],
      skyMap: BETTER_MAP,
      significance: { farHz: 1e-9 },
      eventTime: { jd: MERGER_JD },
    });
    expect(event.revisions.map(({ kind, revision }) => [kind, revision])).toEqual([
      ['preliminary', 1],
      ['initial', 2],
    ]);
    expect(event.revisions[0]).not.toHaveProperty('facts');
  });

  it('has an older sky map where it comes late only in its list', () => {
    const event = eventOf([
      noticeAt(90, 'initial', { skyMap: BETTER_MAP }),
      noticeAt(12, 'preliminary', { skyMap: MAP }),
    ]);
    expect(event.skyMap).toEqual(BETTER_MAP);
    expect(event.revisions.map(({ kind }) => kind)).toEqual(['preliminary', 'initial']);
  });

  it('orders notices of one minute by their numbers', () => {
    const event = eventOf([
      noticeAt(14, 'update', { revision: 4, skyMap: BETTER_MAP }),
      noticeAt(14, 'initial', { revision: 3, skyMap: MAP }),
    ]);
    expect(event.skyMap).toEqual(BETTER_MAP);
  });

  it('keeps a position with an error circle when a later notice only repeats the coordinates', () => {
    const measured = { ra: 225.0208, dec: -69.4969, errorRadiusDeg: 0.05 };
    const event = eventOf([
      noticeAt(1, 'position', { position: measured }),
      noticeAt(5, 'light curve', { position: { ra: 225.0208, dec: -69.4969 } }),
    ]);
    expect(event.position).toEqual(measured);
  });

  it('has no undefined members, which a data base would store as null', () => {
    const event = eventOf([noticeAt(12, 'retraction')]);
    expect(Object.values(event)).not.toContain(undefined);
    expect(Object.values(event.revisions[0] ?? {})).not.toContain(undefined);
  });
});

describe('a retraction', () => {
  const retraction = noticeAt(73, 'retraction', { revision: 5 });

  it('stands against everything that was issued before it, whenever that arrives', () => {
    expect(stateOf(retraction, noticeAt(12, 'initial', { revision: 2 }), noticeAt(60, 'update', { revision: 4 }))).toBe(
      'retracted',
    );
  });

  it('stands against an update with a higher number that was issued before it', () => {
    expect(stateOf(retraction, noticeAt(17, 'update', { revision: 6 }))).toBe('retracted');
  });

  it('stands against an update with a lower number that was issued after it', () => {
    expect(stateOf(retraction, noticeAt(80, 'update', { revision: 4 }))).toBe('retracted');
  });

  it('is lifted by an update that is later by time and number', () => {
    expect(stateOf(retraction, noticeAt(80, 'update', { revision: 6 }))).toBe('active');
    expect(stateOf(retraction, noticeAt(80, 'update'))).toBe('active');
  });

  it('is not lifted by what a pipeline sends', () => {
    expect(stateOf(retraction, noticeAt(80, 'preliminary', { revision: 6 }))).toBe('retracted');
    expect(stateOf(retraction, noticeAt(80, 'early warning', { revision: 6 }))).toBe('retracted');
  });

  it('stands again when a second one follows', () => {
    const lifted = noticeAt(80, 'update', { revision: 6 });
    expect(stateOf(retraction, lifted, noticeAt(99, 'retraction', { revision: 7 }))).toBe('retracted');
  });

  it('comes last where a mission gives no time of issue', () => {
    const untimed = (kind: Notice['kind']): Notice =>
      noticeAt(0, kind, { issuedAt: undefined, noticeId: `CHIME/${kind}` });
    expect(stateOf(untimed('initial'), untimed('retraction'), untimed('update'))).toBe('retracted');
  });

  it('leaves what was known of the event', () => {
    expect(eventOf([noticeAt(12, 'initial', { skyMap: MAP }), retraction]).skyMap).toEqual(MAP);
  });
});

describe('notices of tests and of other events', () => {
  it('are of another event where they are no observation', () => {
    const ids = (['observation', 'test', 'mock', 'prediction'] as const).map((role) =>
      skyEventId({ eventId: 'LVK:S181101ab', role }),
    );
    expect(ids).toEqual(['LVK:S181101ab', 'test/LVK:S181101ab', 'mock/LVK:S181101ab', 'prediction/LVK:S181101ab']);
  });

  it('never change an observed event, not even as a retraction', () => {
    const observed = eventOf([noticeAt(12, 'initial')]);
    expect(revise(observed, noticeAt(20, 'retraction', { role: 'test' }))).toBe(observed);
  });

  it('of another event are the caller’s mistake', () => {
    const observed = eventOf([noticeAt(12, 'initial')]);
    expect(() => revise(observed, noticeAt(20, 'update', { eventId: 'LVK:S190425z' }))).toThrow(RangeError);
  });
});

describe('the order of arrival', () => {
  const kinds = ['early warning', 'preliminary', 'initial', 'update', 'retraction', 'final position'] as const;
  const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined });
  const anyNotice = fc
    .record({
      minutes: fc.integer({ min: 0, max: 5 }),
      kind: fc.constantFrom(...kinds),
      revision: maybe(fc.integer({ min: 0, max: 4 })),
      id: fc.integer({ min: 0, max: 6 }),
      ra: maybe(fc.integer({ min: 0, max: 359 })),
      errorRadiusDeg: maybe(fc.constantFrom(0.5, 5)),
      farHz: maybe(fc.constantFrom(1e-8, 1e-12)),
      isTimed: fc.boolean(),
    })
    .map(({ minutes, kind, revision, id, ra, errorRadiusDeg, farHz, isTimed }) =>
      noticeAt(minutes, kind, {
        // Few ids, so that notices that differ share one, as careless senders do.
        noticeId: `ivo://gwnet/LVC#${id}`,
        revision,
        position: ra === undefined ? undefined : { ra, dec: 0, errorRadiusDeg },
        significance: farHz === undefined ? {} : { farHz },
        ...(isTimed ? {} : { issuedAt: undefined }),
      }),
    );

  it('and any repetition make no difference to the event', () => {
    const shuffled = fc
      .array(anyNotice, { minLength: 1, maxLength: 10 })
      .chain((notices) =>
        fc.tuple(
          fc.constant(notices),
          fc.shuffledSubarray([...notices, ...notices], { minLength: notices.length, maxLength: 2 * notices.length }),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([notices, arrivals]) => {
        // Whoever did not arrive comes at the end.
        const all = [...arrivals, ...notices.toReversed()];
        expect(eventOf(all)).toEqual(eventOf(notices));
        expect(JSON.stringify(eventOf(all))).toBe(JSON.stringify(eventOf(notices)));
      }),
      { numRuns: 1000 },
    );
  });

  it('keeps each notice once', () => {
    fc.assert(
      fc.property(fc.array(anyNotice, { minLength: 1, maxLength: 12 }), (notices) => {
        const { revisions } = eventOf(notices);
        expect(new Set(revisions.map(({ noticeId }) => noticeId)).size).toBe(revisions.length);
        expect(revisions).toHaveLength(new Set(notices.map(({ noticeId }) => noticeId)).size);
      }),
    );
  });
});
