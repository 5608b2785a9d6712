const BLOCK = 2880;

/** A FITS file with one image, rows from the lowest up; `cards` are further lines of its header. */
export function fitsFile(
  rows: readonly (readonly number[])[],
  cards: readonly string[] = [],
  bits: -32 | 16 = -32,
): Buffer {
  const card = (key: string, value: string | number): string => `${key.padEnd(8)}= ${String(value).padStart(20)}`;
  const head = [card('SIMPLE', 'T'), card('BITPIX', bits), card('NAXIS', 2)];
  const axes = [card('NAXIS1', rows[0]?.length ?? 0), card('NAXIS2', rows.length)];
  const header = [...head, ...axes, ...cards, 'END'].map((line) => line.padEnd(80)).join('');
  const values = rows.flat();
  const bytes = Math.abs(bits) / 8;
  const data = Buffer.alloc(values.length * bytes);
  values.forEach((value, index) => {
    if (bits === 16) data.writeInt16BE(value, index * bytes);
    else data.writeFloatBE(value, index * bytes);
  });
  return Buffer.concat([Buffer.from(padded(header, ' '), 'latin1'), data, Buffer.alloc(rest(data.length))]);
}

function padded(text: string, filling: string): string {
  return text.padEnd(text.length + rest(text.length), filling);
}

function rest(length: number): number {
  return (BLOCK - (length % BLOCK)) % BLOCK;
}
