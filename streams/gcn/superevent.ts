import type { NoticeRole } from '../../model/notice.js';

/** `S` and the date, `MS` for mock data, `TS` for tests. */
export const SUPEREVENT_ID = /^[TM]?S\d{6}[a-z]{1,10}$/;

/**
 * What a superevent of LIGO/Virgo/KAGRA stands for: `MS…` is mock data, `TS…` a test, whatever the message says of itself (an
 * `igwn.gwalert` has no role). A hardware injection is a mock signal in real data.
 */
export function supereventRole(supereventId: string, stated: NoticeRole, isInjection: boolean): NoticeRole {
  if (supereventId.startsWith('M') || isInjection) return 'mock';
  return supereventId.startsWith('T') ? 'test' : stated;
}
