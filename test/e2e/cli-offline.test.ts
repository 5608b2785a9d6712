import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jsonLines, runAmpel } from '../run-ampel.js';
import { describeWithData, sharedData } from '../shared-data.js';

const ALERT = join(sharedData, 'ztf/by_version/v1.7_396522680015025001.avro');
const EMPTY = join(sharedData, 'ztf/edge/empty_container.avro');
const PRIVATE = join(sharedData, 'ztf/series/ZTF18abxhyqv_AT2018luk_4alerts.tar.gz');
const channelFile = join(import.meta.dirname, '../../channels/HU_RAPID.yaml');

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ampel-offline-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function fileOf(name: string, content: string | Buffer): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, content);
  return file;
}

describe('wrong use of ampel', () => {
  it.each([
    [['inspct'], `error: unknown command 'inspct'\n(Did you mean inspect?)`],
    [['channel', 'chek', 'x.yaml'], `error: unknown command 'chek'\n(Did you mean check?)`],
    [['inspect', '--jsn', 'x'], `error: unknown option '--jsn'\n(Did you mean --json?)`],
    [['channel', 'try', channelFile], `error: required option '--from <path...>' not specified`],
    [['unit', 'show', 'DecentFiltr'], 'error: There is no unit DecentFiltr\nDid you mean DecentFilter?'],
    [['unit', 'run', 'Nonesuch', '--input', 'x'], 'error: There is no unit Nonesuch\n"ampel unit list" lists'],
    [['inspect', '/nonesuch/night.tar'], 'error: /nonesuch/night.tar does not exist\n'],
    [['replay', '/nonesuch/history.json'], 'error: /nonesuch/history.json does not exist\n'],
  ])('ends with status 2 and the way out: %j', async (args, message) => {
    const { status, stdout, stderr } = await runAmpel(args);
    expect(stderr).toContain(message);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  });

  it('is no use of its help and version', async () => {
    const [help, version] = await Promise.all([runAmpel(['help', 'channel', 'try']), runAmpel(['--version'])]);
    expect(help).toMatchObject({ status: 0, stderr: '' });
    expect(help.stdout).toMatch(/^Usage: ampel channel try \[options\] <file>\n[^]*\n {2}--from <path\.\.\.>/);
    expect(version).toMatchObject({ status: 0, stderr: '' });
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('is a file that holds no history, for a replay', async () => {
    const file = await fileOf('history.json', '{"events": []}');
    const { status, stderr } = await runAmpel(['replay', file]);
    expect(stderr).toBe(`error: ${file}: it has no "events" that begin with the start of a workflow\n`);
    expect(status).toBe(2);
  });
});

describe('the units there are', () => {
  it('are listed with what they do, and shown with how they are configured', async () => {
    const listed = jsonLines(await runAmpel(['unit', 'list', '--json']));
    expect(listed).toContainEqual(expect.objectContaining({ name: 'DecentFilter', tier: 't0' }));
    const [shown] = jsonLines(await runAmpel(['unit', 'show', 'DecentFilter', '--json']));
    expect(shown).toMatchObject({ name: 'DecentFilter', reads: { history: ['jd', 'candid'] } });
    expect(shown).toHaveProperty('reasons.nDet', 'fewer detections in the packet than min_ndet');
    expect(shown?.['config']).toContainEqual({
      ...{ key: 'min_drb', type: 'number', required: false, default: 0 },
      description: 'least deep-learning real-bogus score; 0 = not asked',
    });
  });
});

describeWithData('ampel on what is no alert', () => {
  it('says where and why for each, reads the others, and ends with status 2', async () => {
    const alert = await readFile(ALERT);
    const text = await fileOf('text.avro', 'candid,jd,magpsf\n');
    const short = await fileOf('short.avro', alert.subarray(0, 30_000));
    const long = await fileOf('long.avro', Buffer.concat([alert, Buffer.alloc(40)]));
    const { status, stdout, stderr } = await runAmpel(['inspect', '--json', text, short, long, EMPTY, ALERT]);
    const messages = stderr.split('\n');
    expect(messages[0]).toMatch(`${text}: not-avro: not an Avro container`);
    expect(messages[1]).toMatch(`${short}: truncated: ends inside a block`);
    // The alert before the surplus bytes stands.
    expect(messages[2]).toMatch(new RegExp(`^${long}#1: (trailing-bytes|truncated|corrupt): `));
    expect(messages[3]).toBe(`${EMPTY}: empty: the container holds no alerts`);
    expect(messages[4]).toBe('error: 4 of 6 inputs could not be read');
    const alertIds = stdout.match(/"alertId":"\d+"/g);
    expect(alertIds).toEqual(['"alertId":"396522680015025001"', '"alertId":"396522680015025001"']);
    expect(status).toBe(2);
  });

  it('names the file that was meant', async () => {
    const { status, stderr } = await runAmpel(['inspect', ALERT.replace('v1.7_', 'v1.7-')]);
    expect(stderr).toContain(`Did you mean ${ALERT}?`);
    expect(status).toBe(2);
  });
});

describeWithData('ampel on wrong configs', () => {
  it('names the nearest key of a unit', async () => {
    const config = await fileOf('cuts.yaml', 'min_ndett: 2\n');
    const { status, stderr } = await runAmpel(['unit', 'run', 'DecentFilter', '--config', config, '--input', ALERT]);
    expect(stderr).toContain(`${config}:1:1: min_ndett: unknown key "min_ndett"; did you mean "min_ndet"?`);
    expect(status).toBe(2);
  });

  it('tells the errors of a channel as ampel channel check does', async () => {
    const text = (await readFile(channelFile, 'utf8')).replace('min_rb:', 'min_rbb:');
    const file = await fileOf('HU_RAPID.yaml', text);
    const [checked, tried] = await Promise.all([
      runAmpel(['channel', 'check', file]),
      runAmpel(['channel', 'try', file, '--from', ALERT]),
    ]);
    const [told] = checked.stderr.split('error: ');
    expect(told).toMatch(`${file}:`);
    expect(told).toMatch('did you mean "min_rb"?');
    expect(tried.stderr).toMatch(`${told}error: ${file} is no channel`);
    expect(tried).toMatchObject({ status: 2, stdout: '' });
  });
});

describeWithData('a channel without rights to private data', () => {
  it('is shown none: all alerts of the partnership are rejected for access', async () => {
    const run = await runAmpel(['channel', 'try', channelFile, '--from', PRIVATE, '--json']);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    const verdict = { accepted: false, reason: 'access', field: 'programid' };
    expect(jsonLines(run).map(({ accepted, reason, field }) => ({ accepted, reason, field }))).toEqual(
      [1, 2, 3, 4].map(() => verdict),
    );
  });
});

describeWithData('one unit on a state', () => {
  it('gives the result of a T2 unit for the state that ampel inspect names', async () => {
    const input = join(sharedData, 'ztf/series/ZTF20abyfpze_one_alert.avro');
    const [inspected] = jsonLines(await runAmpel(['inspect', input, '--json']));
    const [computed] = jsonLines(await runAmpel(['unit', 'run', 'T2LightCurveSummary', '--input', input, '--json']));
    expect(Object.keys(computed ?? {})).toEqual(['alertId', 'objectId', 'unit', 'version', 'state', 'result']);
    expect(computed).toMatchObject({ alertId: '1382302730115015012', state: inspected?.['state'] });
    expect(computed).toHaveProperty('result.num_detections', 41);
  });

  it('shows what a T3 unit would send, and sends nothing', async () => {
    // Nobody listens there: sending would fail.
    const config = await fileOf('hook.json', '{"url": "http://127.0.0.1:1/"}');
    const run = await runAmpel(['unit', 'run', 'WebhookReaction', '--config', config, '--input', ALERT, '--json']);
    expect(run).toMatchObject({ status: 0, stderr: '' });
    expect(jsonLines(run)[0]).toHaveProperty('message.object.name', 'ZTF18aagqxtg');
  });
});

describeWithData('output into a pipe', () => {
  it('ends quietly where the reader has seen enough', async () => {
    const run = await runAmpel(['inspect', join(sharedData, 'ztf/nights'), '--json'], { readsBytes: 1000 });
    expect(run).toMatchObject({ status: 0, stderr: '' });
  });
});
