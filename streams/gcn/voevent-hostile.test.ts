import { problemOf } from '../../test/problem-of.js';
import { readNotice } from './read-notice.js';

const ROOT = 'xmlns:voe="http://www.ivoa.net/xml/VOEvent/v2.0" version="2.0" role="observation"';

interface Changes {
  readonly before?: string;
  readonly root?: string;
  readonly ivorn?: string;
  readonly params?: string;
  readonly when?: string;
  readonly position?: string;
  readonly after?: string;
}

const TRIGGER = '<Param name="Packet_Type" value="112"/><Param name="TrigID" value="537755817" ucd="meta.id"/>';
const POSITION = `<Position2D unit="deg"><Name1>RA</Name1><Name2>Dec</Name2>
  <Value2><C1>214.74</C1><C2>28.14</C2></Value2><Error2Radius>11.19</Error2Radius></Position2D>`;

/** A ground position of GBM. */
function voevent(changes: Changes = {}): Buffer {
  const { before = '<?xml version="1.0" encoding="UTF-8"?>', root = ROOT, params = TRIGGER, after = '' } = changes;
  const { when = '2018-01-16T00:36:52.81', position = POSITION, ivorn = 'ivo://nasa.gsfc.gcn/Fermi#GBM_1' } = changes;
  return Buffer.from(`${before}
<voe:VOEvent ivorn="${ivorn}" ${root}>
  <Who><Date>2018-01-16T00:37:05</Date></Who>
  <What>${params}</What>
  <WhereWhen><ObsDataLocation><ObservationLocation><AstroCoords coord_system_id="UTC-FK5-GEO">
    <Time><TimeInstant><ISOTime>${when}</ISOTime></TimeInstant></Time>${position}
  </AstroCoords></ObservationLocation></ObsDataLocation></WhereWhen>
</voe:VOEvent>${after}`);
}

function refusal(changes: Changes): { readonly kind: string; readonly message: string } {
  return problemOf(() => readNotice(voevent(changes)));
}

function xmlRefusal(text: string): { readonly kind: string; readonly message: string } {
  return problemOf(() => readNotice(Buffer.from(text)));
}

describe('a VOEvent', () => {
  it('is read where nothing is wrong with it', () => {
    expect(readNotice(voevent()).notice).toMatchObject({
      eventId: 'Fermi:537755817',
      kind: 'ground position',
      position: { ra: 214.74, dec: 28.14, errorRadiusDeg: 11.19, containment: 0.68 },
    });
  });

  it('may name what XML’s five entities and numbers stand for, once', () => {
    const params = `${TRIGGER}<Param name="Link" value="https://a.org/?b=1&amp;c=2" ucd="meta.ref.url"/>
      <Param name="Text" value="&amp;lt; &#60; &#x3e; &quot;&apos; R&D"/>`;
    const { links, facts } = readNotice(voevent({ params })).notice;
    expect(links['Link']).toBe('https://a.org/?b=1&c=2');
    expect(facts['Text']).toBe('&lt; < > "\' R&D');
  });

  it('is a test where the sender flags it so, and retracted where IceCube says so', () => {
    const group = '<Group name="Trigger_ID"><Param name="Test_Submission" value="true"/></Group>';
    expect(readNotice(voevent({ params: TRIGGER + group })).notice.role).toBe('test');
    const params = `<Param name="Packet_Type" value="173"/><Param name="run_id" value="132910"/><Param name="event_id" value="057145925"/>
      <Group name="Trigger_ID"><Param name="Retraction" value="true"/></Group>`;
    expect(readNotice(voevent({ params })).notice).toMatchObject({
      eventId: 'IceCube:132910_57145925',
      kind: 'retraction',
      isRetraction: true,
    });
  });

  it('of LIGO/Virgo/KAGRA is a mock signal where the hardware was shaken', () => {
    const params = `<Param name="GraceID" value="S190425z"/><Param name="AlertType" value="Preliminary"/>
      <Param name="HardwareInj" value="1"/><Param name="FAR" value="2.5e-9" unit="Hz"/>`;
    const { notice } = readNotice(voevent({ params, ivorn: 'ivo://gwnet/LVC#S190425z-1-Preliminary' }));
    expect([notice.role, notice.significance.farHz]).toEqual(['mock', 2.5e-9]);
  });

  it('of a sender that nobody knows is read by its ivorn', () => {
    const { notice } = readNotice(voevent({ ivorn: 'ivo://org.example/telescope#burst-7', params: '' }));
    expect([notice.eventId, notice.kind]).toEqual(['telescope:burst-7', 'other']);
  });

  it('keeps ids and integers beyond 2^53 as text, and a name for each of equal parameters', () => {
    const params = `${TRIGGER}<Param name="Big" value="9223372036854775807"/><Param name="A" value="1"/><Param name="A" value="2"/>
      <Param name="__proto__" value="3"/>`;
    const { facts } = readNotice(voevent({ params })).notice;
    expect([facts['Big'], facts['TrigID'], facts['A'], facts['A#2']]).toEqual([
      '9223372036854775807',
      '537755817',
      1,
      2,
    ]);
    expect(Object.keys(facts)).toContain('__proto__');
  });

  it('in galactic coordinates has no position, and says so', () => {
    const { notice } = readNotice(voevent({ position: POSITION.replace('>RA<', '>GLON<') }));
    expect(notice.position).toBeUndefined();
    expect(notice.warnings).toEqual([
      'the position is in "GLON, Dec deg UTC-FK5-GEO", expected RA, Dec, deg in FK5 or ICRS: not taken',
    ]);
  });
});

describe('a hostile VOEvent', () => {
  it.each([
    ['a DTD', '<!DOCTYPE foo SYSTEM "http://evil.example/x.dtd">'],
    ['an external entity', '<!DOCTYPE foo [<!ENTITY xxe SYSTEM "file:///etc/passwd">]>'],
    ['a bomb of entities', `<!DOCTYPE l [<!ENTITY a "ha">${'<!ENTITY b "&a;&a;&a;&a;">'.repeat(9)}]>`],
    ['a DTD in small letters', '<!doctype foo>'],
  ])('with %s is refused before anything is read', (_, before) => {
    expect(refusal({ before })).toMatchObject({
      kind: 'forbidden',
      message: expect.stringMatching(/^the XML has a <!/) as string,
    });
  });

  it('with another entity is refused, not expanded', () => {
    const params = `${TRIGGER}<Param name="A" value="&xxe;"/>`;
    expect(refusal({ params })).toEqual({ kind: 'forbidden', message: 'entity &xxe; is none of the five of XML' });
    expect(refusal({ params: `${TRIGGER}<Param name="A" value="&#xD800;"/>` }).message).toBe(
      '&#xD800; is no character',
    );
    expect(refusal({ params: `${TRIGGER}<Param name="A" value="&#0;"/>` }).kind).toBe('corrupt');
  });

  it('nested thousands of levels deep is refused', () => {
    const deep = '<Group name="g">'.repeat(20_000) + '</Group>'.repeat(20_000);
    expect(refusal({ params: deep })).toMatchObject({
      kind: 'forbidden',
      message: expect.stringContaining('nested deeper than 24 levels') as string,
    });
  });

  it('with huge attributes, too many parameters or megabytes is refused', () => {
    const big = (count: number): string => `<Param name="A" value="${'x'.repeat(count)}"/>`;
    expect(refusal({ params: TRIGGER + big(300_000) }).kind).toBe('too-large');
    expect(refusal({ params: TRIGGER + big(2_000_000) })).toMatchObject({
      kind: 'too-large',
      message: expect.stringMatching(/^the message has \d+ bytes, expected at most 1048576$/) as string,
    });
    expect(refusal({ params: TRIGGER + '<Param name="A" value="1"/>'.repeat(6000) }).message).toBe(
      'the notice has more than 5000 parameters, the last is A',
    );
  });

  it('of a megabyte of blanks, quotes or brackets is refused at once', () => {
    const startMs = performance.now();
    for (const filling of [' ', '"', '<', '&', '<a ', '<a b="', 'a=', '<!--', '<![CDATA[', ']]>', '\n', '/']) {
      const text = `<a${filling.repeat(1_000_000 / filling.length)}`;
      expect(xmlRefusal(text).kind).toMatch(/corrupt|forbidden/);
      expect(refusal({ params: filling.repeat(900_000 / filling.length) }).kind).toMatch(
        /corrupt|missing-field|forbidden/,
      );
    }
    expect(performance.now() - startMs).toBeLessThan(10_000);
  });

  it('in another encoding is refused', () => {
    const utf16 = Buffer.from(`\ufeff${voevent().toString()}`, 'utf16le');
    expect(problemOf(() => readNotice(utf16)).message).toBe('the text is in UTF-16 (little endian), expected UTF-8');
    const latin1 = Buffer.from(voevent({ params: `${TRIGGER}<Param name="A" value="é"/>` }).toString(), 'latin1');
    expect(problemOf(() => readNotice(latin1)).message).toMatch(/^the text is not UTF-8/);
    expect(refusal({ before: '<?xml version="1.0" encoding="ISO-8859-1"?>' }).message).toBe(
      'the XML says it is in "ISO-8859-1", expected UTF-8',
    );
    expect(xmlRefusal('<a>\0</a>').message).toBe('character 3 is a NUL, expected text');
    expect(readNotice(Buffer.from(`\ufeff${voevent().toString()}`)).notice.kind).toBe('ground position');
  });

  it.each([
    ['<a><b></a></b>', 'no well-formed XML: </a>, expected </b> (line 1, column 7)'],
    ['<a>\n  <b>', 'no well-formed XML: the end, expected </b> (line 2, column 6)'],
    ['<a/><b/>', 'no well-formed XML: a second root element (line 1, column 5)'],
    ['<a/>text', 'no well-formed XML: text outside of the root element (line 1, column 5)'],
    ['<a b="1" b="2"/>', 'no well-formed XML: attribute "b" twice (line 1, column 9)'],
    ['<a b=1/>', 'no well-formed XML: a broken attribute or end of <a> (line 1, column 3)'],
    ['<a b="<"/>', 'no well-formed XML: a broken attribute or end of <a> (line 1, column 3)'],
    ['<a><!-- </a>', 'no well-formed XML: a comment that does not end (line 1, column 4)'],
    ['<a></a></a>', 'no well-formed XML: </a>, expected no tag (line 1, column 8)'],
    ['<>', 'no well-formed XML: a < that opens no tag (line 1, column 1)'],
    ['<?xml version="1.0"?>', 'the XML has 0 root elements, expected one'],
  ])('that is broken is refused with the place: %j', (text, message) => {
    expect(xmlRefusal(text)).toEqual({ kind: 'corrupt', message });
  });

  it.each<[string, Changes, string, string]>([
    ['no version', { root: 'role="test"' }, 'missing-field', 'VOEvent/version is missing, expected 1.1 or 2.0'],
    ['a future version', { root: 'version="3.0"' }, 'absurd-field', 'VOEvent/version is "3.0", expected 1.1 or 2.0'],
    [
      'a role of its own',
      { root: 'version="2.0" role="drill"' },
      'absurd-field',
      'VOEvent/role is "drill", expected observation, prediction, utility, test',
    ],
    ['no id', { ivorn: '' }, 'missing-field', 'VOEvent/ivorn is missing, expected ivo://<authority>#<id>'],
    ['another id', { ivorn: 'urn:x' }, 'absurd-field', 'VOEvent/ivorn is "urn:x", expected ivo://<authority>#<id>'],
    ['no parameters', { params: '' }, 'missing-field', 'Param TrigID is missing, expected the number of the trigger'],
    [
      'an absurd time',
      { when: 'tomorrow' },
      'absurd-field',
      'TimeInstant/ISOTime is "tomorrow", expected a UTC time like 2018-11-01T22:22:46.65Z from 1960 to 2100',
    ],
    [
      'a declination beyond the pole',
      { position: POSITION.replace('28.14', '128.14') },
      'absurd-field',
      'Position2D/dec is 128.14, expected -90 to 90',
    ],
    [
      'a coordinate that is none',
      { position: POSITION.replace('28.14', 'NaN') },
      'absurd-field',
      'Position2D/Value2/C2 is "NaN", expected degrees',
    ],
    [
      'a negative error',
      { position: POSITION.replace('11.19', '-1') },
      'absurd-field',
      'Position2D/Error2Radius is -1, expected 0 to 180',
    ],
    [
      'a value of another type',
      { params: `${TRIGGER}<Param name="B" dataType="float" value="much"/>` },
      'absurd-field',
      'Param B is "much", expected dataType float',
    ],
    [
      'a negative rate',
      { params: `${TRIGGER}<Param name="FAR" value="-1" unit="Hz"/>` },
      'absurd-field',
      'Param FAR is -1, expected 0 to 1000000000',
    ],
  ])('with %s is refused', (_, changes, kind, message) => {
    expect(refusal(changes)).toEqual({ kind, message });
  });

  it.each([
    ['', 'Param GraceID is missing, which every notice of LVK has'],
    [
      '<Param name="GraceID" value="../../etc"/>',
      'Param GraceID is "../../etc", expected a superevent id like S190425z',
    ],
    ['<Param name="GraceID" value="S190425z"/>', 'Param AlertType is missing, which every notice of LVK has'],
    [
      '<Param name="GraceID" value="S190425z"/><Param name="AlertType" value="constructor"/>',
      'Param AlertType is "constructor", expected EarlyWarning, Preliminary, Initial, Update or Retraction',
    ],
    [
      `<Param name="GraceID" value="S190425z"/><Param name="AlertType" value="Initial"/>
       <Group type="Classification"><Param name="BNS" value="1.5"/></Group>`,
      'Classification/BNS is 1.5, expected 0 to 1',
    ],
  ])('in the name of LIGO/Virgo/KAGRA is refused: %j', (params, message) => {
    expect(refusal({ params, ivorn: 'ivo://gwnet/LVC#S190425z-1-Initial' }).message).toBe(message);
  });

  it('in the name of IceCube without its numbers is refused', () => {
    const gold = '<Param name="Packet_Type" value="173"/>';
    expect(refusal({ params: gold }).message).toBe("Param run_id is missing, expected IceCube's number");
    const params = `${gold}<Param name="run_id" value="1"/><Param name="event_id" value="x"/>`;
    expect(refusal({ params }).message).toBe('Params run_id, event_id are "1, x", expected decimal numbers');
  });

  it('that is another document is no notice', () => {
    expect(xmlRefusal('<rss version="2.0"/>')).toEqual({
      kind: 'not-a-notice',
      message: "the XML's root is <rss>, expected <VOEvent>",
    });
  });
});
