import { gzipSync } from 'node:zlib';
import { fitsFile } from '../test/fits-file.js';
import { readFitsImage } from './fits-image.js';

const ROWS = [
  [1, 2, 3],
  [4, NaN, 6],
];
const FILE = fitsFile(ROWS, ["BUNIT   = 'nJy     '"]);

function changed(from: string, to: string): Buffer {
  return Buffer.from(FILE.toString('latin1').replace(from.padEnd(30), to.padEnd(30)), 'latin1');
}

describe('an image in FITS', () => {
  it('is read plain and packed, NaN kept, the unit told', () => {
    const image = { width: 3, height: 2, unit: 'nJy', values: Float64Array.from(ROWS.flat()) };
    expect(readFitsImage(FILE)).toEqual(image);
    expect(readFitsImage(gzipSync(FILE))).toEqual(image);
    // The other extensions of LSST's stamps: variance and PSF.
    expect(readFitsImage(Buffer.concat([FILE, Buffer.alloc(2880, 'X')]))).toEqual(image);
  });

  it('of integers is scaled, and blank where it says so', () => {
    const integers = fitsFile(
      ROWS.map((row) => row.map((value) => (Number.isNaN(value) ? -32768 : value))),
      [...['BZERO   =                 10.5', 'BSCALE  =                  2.0', 'BLANK   =               -32768']],
      16,
    );
    expect([...readFitsImage(integers).values]).toEqual([12.5, 14.5, 16.5, 18.5, NaN, 22.5]);
  });

  it('has no value where it is infinite', () => {
    expect([...readFitsImage(fitsFile([[1, Infinity, -Infinity]])).values]).toEqual([1, NaN, NaN]);
  });

  const CARD = (key: string, value: string | number): string => `${key.padEnd(8)}= ${String(value).padStart(20)}`;
  it.each([
    ['what is something else', Buffer.from('candid,jd,magpsf\n'), 'starts with "candid,j", expected "SIMPLE  ="'],
    ['nothing', Buffer.alloc(0), 'starts with "", expected "SIMPLE  ="'],
    [
      'a JPEG',
      Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
      'is a JPEG picture, as in the first alerts of ZTF, expected FITS',
    ],
    ['a cut file', FILE.subarray(0, 2890), 'the file ends at byte 2890, its 3 x 2 pixels of 32 bits end at byte 2904'],
    ['a cut header', FILE.subarray(0, 400), 'its header has no END in the first 400 bytes'],
    ['cut gzip', gzipSync(FILE).subarray(0, 60), 'its 60 bytes of gzip cannot be unpacked: unexpected end of file'],
    ['a bomb', gzipSync(Buffer.alloc(17 * 1024 * 1024)), 'unpacks to more than 16777216 bytes'],
    ['a cube', changed(CARD('NAXIS', 2), CARD('NAXIS', 3)), 'NAXIS is 3, expected 2: an image'],
    [
      'a negative side',
      changed(CARD('NAXIS1', 3), CARD('NAXIS1', -2880)),
      'NAXIS1 is -2880, expected 1 to 1024 pixels',
    ],
    ['a huge side', changed(CARD('NAXIS2', 2), CARD('NAXIS2', 1e9)), 'NAXIS2 is 1000000000, expected 1 to 1024 pixels'],
    ['text for a number', changed(CARD('NAXIS2', 2), CARD('NAXIS2', "'two'")), 'NAXIS2 is NaN, expected a number'],
    [
      'no depth',
      changed(CARD('BITPIX', -32), CARD('BITPIX', 7)),
      'its header is wrong: BITPIX value 7 is not permitted',
    ],
  ])('is not %s', (_, bytes, message) => {
    expect(() => readFitsImage(bytes)).toThrow(expect.objectContaining({ name: 'BadFits', message }) as Error);
  });

  it('of which any byte is damaged is an image or refused, soon', () => {
    const refused = new Set<string>();
    for (let at = 0; at < 640; at++) {
      for (const letter of [0, 32, 45, 57, 255]) {
        const damaged = Buffer.from(FILE);
        damaged[at] = letter;
        try {
          readFitsImage(damaged);
        } catch (error) {
          expect(error).toMatchObject({ name: 'BadFits' });
          refused.add((error as Error).message.slice(0, 12));
        }
      }
    }
    expect(refused.size).toBeGreaterThan(4);
  });
});
