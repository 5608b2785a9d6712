import { contentHash } from './content-hash.js';

describe('contentHash', () => {
  // Golden values: `printf '…' | sha256sum`.
  it.each([
    [{}, '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a'],
    [{ min_rb: 0.3, min_ndet: 4 }, '876297d3fd28c6c89618c3a885225079ee1c8b1785876d17bfc8ab8b3e9a0853'],
  ])('is the sha256 of the canonical JSON of %j', (value, hash) => {
    expect(contentHash(value)).toBe(hash);
  });
});
