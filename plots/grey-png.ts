import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Uint8Array.of(137, 80, 78, 71, 13, 10, 26, 10);
const GREY_AND_ALPHA = 4;

/** A PNG file of grey pixels, row by row from the top; a pixel that is undefined is transparent. */
export function greyPng(width: number, height: number, greyAt: (x: number, y: number) => number | undefined): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, GREY_AND_ALPHA, 0, 0, 0], 8);
  // Each row begins with the number of its filter, 0: none.
  const rows = Buffer.alloc(height * (1 + 2 * width));
  for (let y = 0, at = 0; y < height; y++) {
    at++;
    for (let x = 0; x < width; x++) {
      const grey = greyAt(x, y);
      rows[at++] = grey ?? 0;
      rows[at++] = grey === undefined ? 0 : 255;
    }
  }
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const framed = Buffer.alloc(8 + typed.length);
  framed.writeUInt32BE(data.length, 0);
  framed.set(typed, 4);
  framed.writeUInt32BE(crc32(typed), 4 + typed.length);
  return framed;
}
