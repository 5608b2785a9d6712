import type { Deadline } from '../model/deadline.js';
import { PendingDeadlines } from './pending-deadlines.js';

const STOCK = '4711';
const SET_JD = 2459000.5;

function deadline(rule: string, dueJd: number, alertId?: string): Deadline {
  const key = ['HU_RAPID', rule, STOCK, ...(alertId === undefined ? [] : [alertId])].join('/');
  const setBy = { alertId: alertId ?? '1', setJd: SET_JD, link: '12' };
  return { key, channel: 'HU_RAPID', channelHash: 'abc', rule, ...setBy, dueJd };
}

const asksAfter3Nights = deadline('ask', SET_JD + 3);
const reportsAfter2Hours = deadline('report', SET_JD + 2 / 24);

describe('PendingDeadlines', () => {
  it('hands out what is due in order of event time and keeps the rest', () => {
    const deadlines = new PendingDeadlines(STOCK, [asksAfter3Nights, reportsAfter2Hours], []);

    expect(deadlines.first).toBe(reportsAfter2Hours);
    expect(deadlines.takeDue(SET_JD)).toEqual([]);
    expect(deadlines.takeDue(SET_JD + 4)).toEqual([reportsAfter2Hours, asksAfter3Nights]);
    expect(deadlines.waiting).toEqual([]);
  });

  it('lets a reaction without a wait fall due although the stream has told no time yet', () => {
    const atOnce = deadline('tell', SET_JD);
    const deadlines = new PendingDeadlines(STOCK, [asksAfter3Nights, atOnce], []);

    expect(deadlines.takeDue(0)).toEqual([atOnce]);
    expect(deadlines.waiting).toEqual([asksAfter3Nights]);
  });

  it('sets off a rule once where two revisions of a channel ask for it at once', () => {
    const deadlines = new PendingDeadlines(STOCK, [], []);
    const other = { ...reportsAfter2Hours, channelHash: 'def' };
    deadlines.add([reportsAfter2Hours, other]);

    expect(deadlines.waiting).toEqual([other]);
    expect(deadlines.settled).toEqual([reportsAfter2Hours.key]);
  });

  it('sets off a rule once for an object, however many fits ask for it', () => {
    const deadlines = new PendingDeadlines(STOCK, [], []);
    deadlines.add([reportsAfter2Hours]);
    deadlines.takeDue(SET_JD + 1);
    deadlines.add([reportsAfter2Hours]);

    expect(deadlines.waiting).toEqual([]);
    expect(deadlines.settled).toEqual([reportsAfter2Hours.key]);
  });

  it('keeps a deadline that a fit sets while a decision is under way, and drops what the decision called off', () => {
    const deadlines = new PendingDeadlines(STOCK, [asksAfter3Nights], [asksAfter3Nights.key]);
    const asked = deadlines.waiting.map(({ key }) => key);
    deadlines.add([reportsAfter2Hours]);
    deadlines.merge(asked, { pending: [], settled: [asksAfter3Nights.key] });

    expect(deadlines.waiting).toEqual([reportsAfter2Hours]);
    expect(deadlines.settled).toEqual([asksAfter3Nights.key, reportsAfter2Hours.key]);
  });

  it('keeps a deadline of which a decision had not heard', () => {
    const deadlines = new PendingDeadlines(STOCK, [asksAfter3Nights, reportsAfter2Hours], [asksAfter3Nights.key]);
    deadlines.merge([asksAfter3Nights.key], { pending: [], settled: [asksAfter3Nights.key] });

    expect(deadlines.waiting).toEqual([reportsAfter2Hours]);
  });

  it('does not wait twice where the decision and a fit set the same deadline', () => {
    const deadlines = new PendingDeadlines(STOCK, [], []);
    deadlines.add([reportsAfter2Hours]);
    deadlines.merge([], { pending: [reportsAfter2Hours], settled: [reportsAfter2Hours.key] });

    expect(deadlines.waiting).toEqual([reportsAfter2Hours]);
  });

  it('asks the store in a reopened transient until the first decision has told what was set off before', () => {
    const deadlines = new PendingDeadlines(STOCK);
    expect(deadlines.settled).toBeUndefined();
    deadlines.merge([], { pending: [], settled: [asksAfter3Nights.key] });
    expect(deadlines.settled).toEqual([asksAfter3Nights.key]);
  });

  it('forgets old alerts of a variable star that reacts to every one, but never that a rule has fired', () => {
    const deadlines = new PendingDeadlines(STOCK, [], []);
    const ofAlerts = Array.from({ length: 1_000 }, (_, n) => deadline('every', SET_JD, String(n)).key);
    deadlines.merge([], { pending: [], settled: [asksAfter3Nights.key, ...ofAlerts] });

    expect(deadlines.settled).toHaveLength(101);
    expect(deadlines.settled).toContain(asksAfter3Nights.key);
    expect(deadlines.settled).toContain(ofAlerts.at(-1));
  });
});

describe('a rule that may react several times', () => {
  const few = (n: number): Deadline => ({ ...deadline('few', SET_JD, String(n)), atMost: 2 });

  it('does so no more often than it says, whatever comes at once', () => {
    const deadlines = new PendingDeadlines(STOCK, [], []);
    deadlines.add([few(1)]);
    deadlines.add([few(1), few(2), few(3)]);
    deadlines.add([few(4)]);

    expect(deadlines.waiting).toEqual([few(1), few(2)]);
  });

  it('is counted although another one reacts to every alert', () => {
    const deadlines = new PendingDeadlines(STOCK, [], []);
    deadlines.add([few(1), few(2)]);
    const ofAlerts = Array.from({ length: 1_000 }, (_, n) => deadline('every', SET_JD, String(n)));
    deadlines.merge([], { pending: [], settled: [...(deadlines.settled ?? []), ...ofAlerts.map(({ key }) => key)] });
    deadlines.add([few(3)]);

    expect(deadlines.waiting).toEqual([]);
  });
});
