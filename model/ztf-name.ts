const NAME = /^ZTF(\d\d)([a-z]{7})$/;
const FIRST_YEAR = 17;
const LAST_YEAR = 32;
const LETTER_A = 'a'.charCodeAt(0);

/**
 * AMPEL's stock id of a ZTF object: base-26 value of the seven letters, four bits for the year after 2017.
 * Below 2^37, so a number is exact. Throws `RangeError` on a name that is none, or of a year outside 2017–2032.
 */
export function stockOfZtfName(name: string): number {
  const match = NAME.exec(name);
  const year = Number(match?.[1]);
  const letters = match?.[2];
  if (letters === undefined || year < FIRST_YEAR || year > LAST_YEAR) {
    throw new RangeError(`"${name}" is not a ZTF name (expected e.g. ZTF18abxhyqv, years 2017 to 2032)`);
  }
  let value = 0;
  for (const letter of letters) value = value * 26 + letter.charCodeAt(0) - LETTER_A;
  return value * 16 + year - FIRST_YEAR;
}

/** The ZTF name of a stock id. Throws `RangeError` outside 0 … 26^7·16. */
export function ztfNameOfStock(stock: number): string {
  if (!Number.isSafeInteger(stock) || stock < 0 || stock >= 26 ** 7 * 16) {
    throw new RangeError(`${stock} is not the stock id of a ZTF object`);
  }
  const year = (stock % 16) + FIRST_YEAR;
  let rest = Math.floor(stock / 16);
  let letters = '';
  for (let i = 0; i < 7; i++) {
    letters = String.fromCharCode(LETTER_A + (rest % 26)) + letters;
    rest = Math.floor(rest / 26);
  }
  return `ZTF${year}${letters}`;
}
