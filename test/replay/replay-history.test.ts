import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { NotAHistory, parseHistory, replayHistory } from '../../worker/replay.js';
import { silenceRuntime } from '../../worker/silent-runtime.js';
import { workflowBundle } from '../workflow-bundle.js';

const folder = resolve(import.meta.dirname, '../histories');

/** A recorded history of a transient that has decided on something. */
function recordedHistory(): string {
  const texts = readdirSync(folder)
    .filter((name) => name.startsWith('transient--'))
    .sort()
    .map((name) => readFileSync(resolve(folder, name), 'utf8'));
  const found = texts.find((text) => text.includes('"core_local_activity"'));
  if (found === undefined) throw new Error(`no history in ${folder} has a decision: npm run histories`);
  return found;
}

function base64(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64');
}

/** The history with another value in the payload `key` of its first marker. */
function withMarker(json: string, key: 'data' | 'result', change: (value: object) => object): string {
  const marker = json.indexOf('"markerRecordedEventAttributes"');
  const start = json.indexOf('"data": "', json.indexOf(`"${key}": {`, marker)) + '"data": "'.length;
  const end = json.indexOf('"', start);
  const value = JSON.parse(Buffer.from(json.slice(start, end), 'base64').toString()) as object;
  return json.slice(0, start) + base64(change(value)) + json.slice(end);
}

beforeAll(silenceRuntime);

describe('the replay of a recorded history', () => {
  it('does again what was done, and tells the decisions of the filter with what they were made of', async () => {
    const rejected = { accepted: false, reason: 'rb', field: 'rb', value: 0.21, limit: 0.3 };
    const decisions = [
      { alertId: '673285273115015035', channel: 'HU_RAPID@0123456789ab', accepted: true, state: '-118318261' },
      { alertId: '879461413115015009', channel: 'HU_RAPID@0123456789ab', ...rejected },
    ];
    const json = withMarker(recordedHistory(), 'result', (outcome) => ({ ...outcome, decisions }));
    const report = await replayHistory(parseHistory(json), workflowBundle);
    expect(report).toMatchObject({ ok: true, workflowType: 'transient' });
    expect(report.events).toBe(json.match(/"eventId": /g)?.length);
    expect(report.decisions.slice(0, 2)).toEqual(decisions);
  });

  it('says what differs where the program would do otherwise', async () => {
    const json = withMarker(recordedHistory(), 'data', (call) => ({ ...call, activity_type: 'ponder' }));
    const report = await replayHistory(parseHistory(json), workflowBundle);
    expect(report.ok).toBe(false);
    expect(report.problem).toMatch(/Nondeterminism error: Activity type of recorded marker 'ponder' does not match/);
  });

  it('refuses the history of a workflow that this program does not have', async () => {
    const json = recordedHistory().replace('"name": "transient"', '"name": "supernova"');
    const replayed = replayHistory(parseHistory(json), workflowBundle);
    await expect(replayed).rejects.toEqual(new NotAHistory('this program has no workflow "supernova"'));
  });

  it.each([
    ['no JSON', 'candid,jd', /^the text is no history: Unexpected token/],
    ['other JSON', '{"objectId": "ZTF18abxhyqv"}', /^the text is no history: .*events/],
    ['a list', '[1]', /^(the text is no history|it has no "events")/],
    ['no events', '{"events": []}', /^it has no "events"/],
  ])('refuses %s', (_, json, message) => {
    expect(() => parseHistory(json)).toThrow(message);
    expect(() => parseHistory(json)).toThrow(NotAHistory);
  });

  it('refuses a history with a gap, on which the engine would wait', () => {
    const { events } = JSON.parse(recordedHistory()) as { events: unknown[] };
    expect(() => parseHistory(JSON.stringify({ events: events.slice(1) }))).toThrow('it has no "events" that begin');
    const gap = [...events.slice(0, 2), ...events.slice(3)];
    expect(() => parseHistory(JSON.stringify({ events: gap }))).toThrow('its event 3 is missing');
  });
});
