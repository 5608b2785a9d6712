import { readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseHistory, replayHistory } from '../../worker/replay.js';
import * as workflows from '../../workflows/index.js';
import { workflowBundle } from '../workflow-bundle.js';
import '../workflows/quiet-runtime.js';

const folder = resolve(import.meta.dirname, '../histories');
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));

function textOf(file: string): string {
  return readFileSync(resolve(folder, file), 'utf8');
}

describe('the workflows on recorded histories', () => {
  it.each(files)('do what they did in %s', async (file) => {
    const report = await replayHistory(parseHistory(textOf(file)), workflowBundle);

    expect(report).toMatchObject({ ok: true, workflowType: file.slice(0, file.indexOf('--')) });
  });

  it('have one or more histories each', () => {
    const recorded = new Set(files.map((file) => file.slice(0, file.indexOf('--'))));
    expect([...recorded].sort()).toEqual(Object.keys(workflows).sort());
  });
});

describe('a replay', () => {
  const asks = textOf('transient--asks-after-3-nights.json');

  it('tells the decisions that the history holds', async () => {
    const { decisions } = await replayHistory(parseHistory(asks), workflowBundle);
    expect(decisions).toEqual([{ alertId: '1', channel: 'HU_RAPID@abcdef123456', accepted: true, state: 'state-1' }]);
  });

  it('notices a history in which the transient did something else: it ran a unit where it reacts', async () => {
    const changed = asks.replace('"name": "react"', '"name": "runUnit"');
    expect(changed).not.toBe(asks);

    expect(await replayHistory(parseHistory(changed), workflowBundle)).toMatchObject({ ok: false });
  });

  it('notices a history from which a wait is missing', async () => {
    const changed = asks.replace('EVENT_TYPE_TIMER_STARTED', 'EVENT_TYPE_MARKER_RECORDED');
    expect(changed).not.toBe(asks);

    expect(await replayHistory(parseHistory(changed), workflowBundle)).toMatchObject({ ok: false });
  });

  it('notices a workflow that was changed: it reacts no more', async () => {
    const code = readFileSync(workflowBundle.codePath, 'utf8');
    const changed = code.replace('state.takeReactions(Date.now())', '[]');
    expect(changed).not.toBe(code);

    const report = await replayHistory(parseHistory(asks), { code: changed });
    expect(report).toMatchObject({ ok: false, problem: expect.stringContaining('TMPRL1100') as unknown });
  });
});
