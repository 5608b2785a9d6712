import { problemOf } from '../../test/problem-of.js';
import type { Notice } from '../../model/notice.js';
import { readNotice, type ReadNotice } from './read-notice.js';

const SUPEREVENT = {
  alert_type: 'PRELIMINARY',
  time_created: '2018-11-01T22:34:49Z',
  superevent_id: 'S181101ab',
  urls: { gracedb: 'https://gracedb.ligo.org/superevents/S181101ab/view/', script: 'javascript:alert(1)' },
  event: {
    time: '2018-11-01T22:22:46.654Z',
    far: 9.1e-14,
    significant: true,
    instruments: ['H1', 'L1'],
    classification: { BNS: 1 },
  },
  external_coinc: null,
};

function read(message: unknown): ReadNotice {
  return readNotice(Buffer.from(typeof message === 'string' ? message : JSON.stringify(message)));
}

function noticeOf(message: unknown): Notice {
  return read(message).notice;
}

function refusal(message: unknown): { readonly kind: string; readonly message: string } {
  return problemOf(() => read(message));
}

describe('an igwn.gwalert', () => {
  it('tells what its VOEvent would, with a map where there is one and safe links only', () => {
    const { notice } = read(SUPEREVENT);
    expect(notice).toMatchObject({
      eventId: 'LVK:S181101ab',
      kind: 'preliminary',
      role: 'observation',
      instrument: 'H1,L1',
      links: { gracedb: SUPEREVENT.urls.gracedb },
      significance: { farHz: 9.1e-14, isSignificant: true, classification: { BNS: 1 } },
    });
    expect(Object.keys(notice.links)).toEqual(['gracedb']);
  });

  it('of a burst has no classes, of MS… is a mock, of TS… a test', () => {
    const burst = { ...SUPEREVENT, event: { ...SUPEREVENT.event, classification: null, properties: { HasNS: null } } };
    expect(noticeOf(burst).significance).toEqual({ farHz: 9.1e-14, isSignificant: true });
    expect(noticeOf({ ...SUPEREVENT, superevent_id: 'MS181101ab' }).role).toBe('mock');
    expect(noticeOf({ ...SUPEREVENT, superevent_id: 'TS181101ab' }).role).toBe('test');
  });

  it('of a coincidence has the other event and both maps', () => {
    const map = (last: string): string => Buffer.from(`SIMPLE  =${last}`).toString('base64');
    const external_coinc = {
      gcn_notice_id: 524666471,
      observatory: 'Fermi',
      ivorn: 'ivo://a/b#c',
      combined_skymap: map('2'),
    };
    const { notice, skyMap, jointSkyMap } = read({
      ...SUPEREVENT,
      event: { ...SUPEREVENT.event, skymap: map('1') },
      external_coinc,
    });
    expect(notice.relatedEvents).toEqual([{ eventId: 'Fermi:524666471', notice: 'ivo://a/b#c' }]);
    expect([skyMap?.bytes.toString(), jointSkyMap?.bytes.toString()]).toEqual(['SIMPLE  =1', 'SIMPLE  =2']);
    expect(notice.jointSkyMap?.embedded?.sha256).toBe(jointSkyMap?.sha256);
    expect(Object.keys(notice.facts).filter((name) => name.includes('skymap'))).toEqual([]);
  });

  it.each<[object, string, string]>([
    [
      { alert_type: 'MAYBE' },
      'schema',
      'alert_type is "MAYBE", expected one of "EARLYWARNING"|"PRELIMINARY"|"INITIAL"|"UPDATE"|"RETRACTION" (igwn.gwalert)',
    ],
    [{ superevent_id: 7 }, 'schema', 'superevent_id is 7, expected string, received number (igwn.gwalert)'],
    [{ superevent_id: 'x' }, 'schema', 'superevent_id is "x", expected a superevent id like S190425z (igwn.gwalert)'],
    [
      { event: { ...SUPEREVENT.event, far: -1 } },
      'schema',
      'event/far is -1, expected number to be >=0 (igwn.gwalert)',
    ],
    [
      { event: { ...SUPEREVENT.event, classification: { BNS: 2 } } },
      'schema',
      'event/classification/BNS is 2, expected number to be <=1 (igwn.gwalert)',
    ],
    [{ event: null }, 'missing-field', 'event is null, expected an object: PRELIMINARY is no RETRACTION'],
    [
      { time_created: 'now' },
      'absurd-field',
      'time_created is "now", expected a UTC time like 2018-11-01T22:22:46.65Z from 1960 to 2100',
    ],
  ])('with %j is refused', (changes, kind, message) => {
    expect(refusal({ ...SUPEREVENT, ...changes })).toEqual({ kind, message });
  });

  it('cannot reach a prototype', () => {
    const message = JSON.stringify(SUPEREVENT).replace(
      '"urls"',
      '"__proto__":{"far":1},"constructor":{"prototype":2},"urls"',
    );
    const { facts } = noticeOf(message);
    expect([Object.keys(facts).includes('__proto__/far'), facts['constructor/prototype']]).toEqual([true, 2]);
    expect(({} as Record<string, unknown>)['far']).toBeUndefined();
  });
});
