import { shortPlace } from './short-place.js';

describe('the place of a packet in a list', () => {
  it('stands as it is where it is short', () => {
    expect(shortPlace('ztf_20260101_programid1/0 offset 17')).toBe('ztf_20260101_programid1/0 offset 17');
  });

  it('is told by its end, from a whole name on', () => {
    expect(shortPlace('/archive/of/many/nights/20260101.tar/ZTF18abcdefg/1234.avro')).toBe(
      '…/20260101.tar/ZTF18abcdefg/1234.avro',
    );
    expect(shortPlace('x'.repeat(100))).toBe(`…${'x'.repeat(39)}`);
  });
});
