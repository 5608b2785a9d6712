import { gunzipSync, gzipSync } from 'node:zlib';
import { BadMoc, readMoc } from './moc.js';

// Written by mocpy 0.21: MOC.from_cone(83.6331 deg, 22.0145 deg, 2 deg, max_depth=6), in versions 2.0 and 1.1, and a MOC of time.
const unpacked = (base64: string): Buffer => gunzipSync(Buffer.from(base64, 'base64'));
const CRAB = unpacked(
  'H4sIAAAAAAACA+2XsWrDMBCG8xZZtWkrsSmlS6C2rBhRWzKSWpyp0C2Qre3e10i99BUCyd5HqxxrTAqyRaH0/5bjdPBxhywjGVE3FSdkSc5gSTC5sI1oL/huw30ya4UhF3yLcB9vLZdFvHlPMgAAAAAA8G/or5NGKLkkNBfSZnnF6RTfr96f05G+JHJ/6Xlfch3ua5h6kDbee6H8yZeE++xK8Kow0Xy1Yo9c9z6aXi3o5O/Z+QpR9/NS02SMTzUqXXAtZOl8OpPlZB9TzmjWxvkYjXB+3bxWqaqfl7ltcSnRby+vZLt5piN9rsEn199NlP+LXSldn84bTe4jDGztuuGDL8p+4P0LAABgDPPd3axnvnv38WuIH7Mhdr7e+Xrn65++vvf1va8f/PrB50efH4ccAAAAAACAv8w3ddZUtcAhAAA=',
);
const CRAB_1_1 = unpacked(
  'H4sIAAAAAAACA+2XMU7DMBSGu3ILb95QkwGxdEic18oisYPtonRCQkJVJRADcB1uww4SnIFr4CQeW6QkVgf6f8svL5/es+Po2cqqLomxBduDY4PJpatlc8B3OdynskZadsA3H+6jxpEq4vXbyQAAAAAAwMnQjpNWarVgPJfKZXlJfIrvqPNzOtKXRK4v3e9LRsz3tdBr5eK9F1Z/+ZLhPreUVBY2mq/S4oZM6+Pp+ZxP/p69r5BV2y+3dSZoqlGbgoxUK+9TayWvp/qE9ka7sd4neIT76/t1Wpdtv8Ifi18y8/r8wh52d3ykzxd46+u7iPJ/6X1kYvncUpuqu788uYqwgc5taup9MY4X72kAADgRZh1nP32+3YfchnwM+RTyPeRHyM+QXyG/ZwAAAAAAAPxjfgFXY4mzwCEAAA==',
);
const TIME = unpacked(
  'H4sIAAAAAAACA+3XPUvFMBTG8SIifoxs2aQtDi4d+pJbDjZJSc+V3klwE9zU72/SexfBCmmDi89vCV3+9NAXkon0OCghKvEDFtEa4pHmld5DfM/UM01ipZfH99TMynTp5l1iAAAAAPBvhO3kRNZUQjZkuG4GJff0/nT/XG7sFYnvr1zp3cf3xtYeDac7L/S/9Yr4Hh9IDd2UrKdt+6Rc6MnyLpe732ff60iHeSWTVruD1nXKkel9z9Wm3x0MNzWdlnm5bZLMy9YOodf6x+Ivhft8/xBvry9yY8+P/MyVKPMU/xc+WKeX700WjzJBj0+jOveSPA+cfwEAYIssu8rOri/rzWW9zQAAAAAA4LsvAr1vd8AhAAA=',
);

describe('a region as a MOC', () => {
  // Golden values: mocpy 0.21, contains_lonlat and sky_fraction.
  it.each([
    ['2.0', CRAB],
    ['1.1', CRAB_1_1],
  ])('of version %s has the positions and the area that mocpy finds', (_, bytes) => {
    const region = readMoc(bytes);
    expect(region.order).toBe(6);
    expect(region.fraction).toBeCloseTo(0.0005086263020833334, 15);
    const inside = (ra: number, dec: number): boolean => region.has({ ra, dec });
    expect([inside(83.6331, 22.0145), inside(83.6331, 24.2), inside(85.9, 22), inside(83.6, 19.2)]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect([inside(263.6, -22), inside(87.5, 22), inside(0, 90)]).toEqual([false, false, false]);
  });

  it.each([
    ['no FITS file', Buffer.from('ra,dec\n1,2\n'), 'is no FITS file'],
    ['nothing', Buffer.alloc(0), 'is no FITS file'],
    ['packed', gzipSync(CRAB), 'is packed with gzip: unpack it first'],
    ['a MOC of time', TIME, 'is a MOC of time, expected space'],
    ['cut off', CRAB.subarray(0, 5760), 'covers nothing'],
    [
      'of order 31',
      Buffer.from(CRAB.toString('latin1').replace('MOCORD_S= 6 ', 'MOCORD_S= 31'), 'latin1'),
      'has order 31, expected 0 to 29',
    ],
    [
      'galactic',
      Buffer.from(CRAB.toString('latin1').replace("COORDSYS= 'C'", "COORDSYS= 'G'"), 'latin1'),
      'system G, expected C',
    ],
    ['an image', Buffer.from('SIMPLE  =                    T'.padEnd(2880), 'latin1'), 'is no MOC of space'],
  ])('that is %s is refused with what it is', (_, bytes, message) => {
    expect(() => readMoc(bytes)).toThrow(BadMoc);
    expect(() => readMoc(bytes)).toThrow(message);
  });
});
