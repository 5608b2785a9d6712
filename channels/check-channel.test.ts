import fc from 'fast-check';
import { channelOf, errorsOf, NOVAE, units } from '../test/novae-channel.js';
import { contentHash } from '../model/content-hash.js';
import { checkChannel } from './check-channel.js';

describe('the check of a channel file', () => {
  it('finds all errors of a file at once, from top to bottom', () => {
    const text = NOVAE.replace('1.0.0', '1.0')
      .replace('T2CountPoints\n', 'T2CountPonts\n')
      .replace('after: 3', 'aftr: 3')
      .replace('min_ndet: 2', 'min_ndet: x\n    max_mag: y');
    const places = errorsOf(text).map((error) => error.slice(0, error.indexOf(': ')));
    expect(places).toEqual([
      '2:10 version',
      '8:15 t0.config.min_ndet',
      '9:14 t0.config.max_mag',
      '11:11 t2[0].unit',
      '16:21 t3[0].when.result',
      '17:5 t3[0].aftr',
      '18:13 t3[0].unless',
    ]);
  });

  it('names the file as it was given, in every error', () => {
    const check = checkChannel('name: X', 'my/channels/X.yml', units);
    expect(check).toMatchObject({ ok: false });
    expect(check.ok ? [] : new Set(check.errors.map((error) => error.file))).toEqual(new Set(['my/channels/X.yml']));
  });

  it('answers any text, with places inside it', () => {
    const fragments = fc.constantFrom(
      ...NOVAE.split(/(?<=[ \n:])/),
      '- ',
      '\t',
      '"',
      '[',
      '}',
      '&a ',
      '*a',
      '!x ',
      '? ',
      '--- ',
      '\u0000',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(fragments, fc.string({ maxLength: 3 })), { maxLength: 30 }), (parts) => {
        const text = parts.join('');
        const lines = text.split('\n');
        const check = checkChannel(text, 'NOVAE.yaml', units);
        for (const { line, column, message } of check.ok ? [] : check.errors) {
          expect(message).not.toBe('');
          expect(line).toBeLessThanOrEqual(lines.length);
          expect(column).toBeLessThanOrEqual((lines[line - 1]?.length ?? 0) + 1);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('gives the line of a fault that follows another one', () => {
    const check = checkChannel('[ZTF_PUB]\n2\n$:', 'NOVAE.yaml', units);
    expect(check.ok ? [] : check.errors.map(({ line, column }) => [line, column])).toEqual([
      [2, 1],
      [3, 2],
    ]);
  });
});

describe('a channel as applied', () => {
  it('has the defaults of its units filled in, with their versions and the hashes of the configs', () => {
    const { channel, hash } = channelOf(NOVAE);
    const use = (unit: string, version: string, config: Parameters<typeof contentHash>[0]) => {
      return { unit, version, config, configHash: contentHash(config) };
    };
    const applied = {
      name: 'NOVAE',
      version: '1.0.0',
      streams: ['ztf'],
      access: ['ZTF_PUB'],
      t0: { ztf: use('BrightFilter', '2.1.0', { min_ndet: 2, max_mag: 19, gaia_rs: 0 }) },
      t2: [use('T2CountPoints', '1.2.0', { bands: ['g', 'r'] })],
      reactions: { dry: true },
      t3: [
        {
          ...use('HookReaction', '1.0.0', { url: 'http://h/' }),
          name: 'first-light',
          when: { result: 'T2CountPoints' },
          afterDays: 3,
          unless: 'detection',
        },
      ],
    };
    expect(channel).toEqual(applied);
    expect(hash).toBe(contentHash(applied));
  });

  it('sees public data, computes nothing and tells nobody where the file says no more', () => {
    const { channel } = channelOf(
      'name: NOVAE\nversion: 1.0.0\nstream: ztf\nt0: { unit: BrightFilter, config: { min_ndet: 1 } }',
    );
    expect(channel).toMatchObject({ access: ['ZTF_PUB'], t2: [], t3: [] });
  });

  it('reacts at once where a rule has no wait', () => {
    const { channel } = channelOf(NOVAE.replace(/ {4}after[^]*/, ''));
    expect(channel.t3).toMatchObject([{ name: 'first-light', afterDays: 0 }]);
    expect(channel.t3[0]).not.toHaveProperty('unless');
  });

  it.each([
    ['comments and quotes', NOVAE.replace('stream: ztf', '# the survey\nstream: "ztf"')],
    ['the order of keys', NOVAE.replace('version: 1.0.0\n', '') + 'version: 1.0.0\n'],
    ['a default written out', NOVAE.replace('min_ndet: 2', 'min_ndet: 2\n    max_mag: 19')],
    ['ends of lines and a byte order mark', '\ufeff' + NOVAE.replaceAll('\n', '\r\n')],
  ])('keeps its identity whatever %s', (_what, text) => {
    expect(channelOf(text).hash).toBe(channelOf(NOVAE).hash);
  });

  it('is another with another cut, and the order of data rights makes none', () => {
    expect(channelOf(NOVAE.replace('min_ndet: 2', 'min_ndet: 3')).hash).not.toBe(channelOf(NOVAE).hash);
    const [one, other] = ['[ZTF_PUB, ZTF_PRIV]', '[ZTF_PRIV, ZTF_PUB]'].map((tags) =>
      channelOf(NOVAE.replace('[ZTF_PUB]', tags)),
    );
    expect(one).toEqual(other);
  });
});
