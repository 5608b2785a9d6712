import type { Datapoint } from '../../model/datapoint.js';
import type { Occasion } from '../../model/occasion.js';

/** A detection in a night of November 2018; JD 2458427.8 is the 5th, 7:12 UT. */
export function detection(jd: number, magpsf: number, over: Partial<Datapoint> = {}): Datapoint {
  const body = {
    jd,
    fid: 2,
    magpsf,
    sigmapsf: 0.083,
    diffmaglim: 20.52,
    isdiffpos: 't',
    ra: 21.6399519,
    dec: 31.6163666,
  };
  return { id: `67328527311${jd}`, kind: 'detection', jd, band: 'r', tags: ['ZTF', 'ZTF_PUB', 'ZTF_R'], body, ...over };
}

export function upperLimit(jd: number, diffmaglim: number): Datapoint {
  const facts = { kind: 'upperLimit', band: 'g', tags: ['ZTF', 'ZTF_PUB', 'ZTF_G'] } as const;
  return { id: `-${jd}`, jd, ...facts, body: { jd, diffmaglim } };
}

/** Two detections of an object, the later one first, and limits before and after the discovery. */
export const occasion: Occasion = {
  key: 'EXAMPLE/announce/ZTF18abxhyqv',
  channel: 'EXAMPLE',
  rule: 'announce',
  objectId: 'ZTF18abxhyqv',
  stock: '360504273',
  position: { ra: 21.6399519, dec: 31.6163666 },
  dueJd: 2458430.25,
  alertId: '673285273115015035',
  state: {
    link: '-118318261',
    datapoints: [
      detection(2458429.8, 18.6),
      upperLimit(2458424.8, 20.4),
      upperLimit(2458425.8, 20.1),
      upperLimit(2458426.8, 18.2),
      upperLimit(2458428.8, 20.3),
      detection(2458427.8, 18.9, { band: 'g' }),
    ],
  },
  results: {},
  earlier: [],
};
