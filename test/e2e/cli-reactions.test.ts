import { once } from 'node:events';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { join, resolve } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { eventually } from '../kafka/eventually.js';
import { describeWithData, sharedData } from '../shared-data.js';
import { startBroker, type RunningBroker } from './running-broker.js';

const SERIES = join(sharedData, 'ztf/series/ZTF21abiuvdk_SN2021rhu_34alerts.tar.gz');
const OBJECT = 'ZTF21abiuvdk';

/** A unit whose receiver neither knows keys nor can be asked. */
const UNIT = `import { defineT3, z } from 'ampel-temporal/units';

export const plainReaction = defineT3({
  name: 'PlainReaction',
  version: '1.0.0',
  summary: 'Posts a line.',
  config: z.strictObject({ url: z.url() }),
  compose: ({ objectId }) => ({ text: objectId }),
  async send(message, key, { url }, clients) {
    const response = await clients.fetch(url, { method: 'POST', body: JSON.stringify(message) });
    return { status: String(response.status) };
  },
});
`;

describeWithData('a reaction whose answer is lost, and whose receiver cannot be asked', () => {
  let broker: RunningBroker;
  let receiver: Server;
  let key: string;
  const taken: string[] = [];

  beforeAll(async () => {
    receiver = createServer((request, response) => {
      void text(request).then((body) => {
        taken.push(body);
        if (taken.length === 1) response.destroy();
        else response.end('taken');
      });
    }).listen(0, '127.0.0.1');
    await once(receiver, 'listening');
    broker = await startBroker('lost-answers');
    await mkdir(join(broker.folder, 'node_modules'));
    await symlink(resolve(import.meta.dirname, '../..'), join(broker.folder, 'node_modules/ampel-temporal'));
    await mkdir(join(broker.folder, 'units'));
    await writeFile(join(broker.folder, 'units/plain-reaction.mjs'), UNIT);
    const config = join(broker.folder, 'ampel.config.yaml');
    await writeFile(config, 'units: [./units]\n');
    broker.env['AMPEL_CONFIG'] = config;
    const { port } = receiver.address() as AddressInfo;
    const channel = join(broker.folder, 'PLAIN.yaml');
    const rule = `{ name: tell, unit: PlainReaction, config: { url: "http://127.0.0.1:${port}/" }, when: accepted }`;
    await writeFile(
      channel,
      `name: PLAIN\nversion: 1.0.0\nstream: ztf\nt0: { unit: AcceptAllFilter }\nreactions: { mode: live }\nt3: [${rule}]\n`,
    );
    await broker.startWorker();
    await broker.ampelJson('channel', 'start', channel);
    await broker.ampelJson('stream', 'start', 'series', '--from', SERIES, '--clock', 'stream', '--wait');
    await eventually('its outcome is unknown', async () => {
      return (await broker.ampelJson('reactions', 'list', '--state', 'unknown')).length === 1;
    });
    const [unknown] = await broker.ampelJson('reactions', 'list', '--state', 'unknown');
    key = String(unknown?.['key']);
  });

  afterAll(async () => {
    receiver.closeAllConnections();
    receiver.close();
    await broker.stop();
  });

  it('is listed as unknown, with its message, and nothing is sent twice', async () => {
    expect(taken).toEqual([`{"text":"${OBJECT}"}`]);
    const list = await broker.ampel('reactions', 'list', '--object', OBJECT);
    expect(list.stdout).toContain('outcome unknown');
    const show = await broker.ampel('reactions', 'show', key);
    expect(show.stdout).toMatch(new RegExp(`^${key}\n[^]*state +outcome unknown\n[^]*"text": "${OBJECT}"`));
  });

  it.each([
    [['--as', 'again'], '--why is missing'],
    [['--as', 'maybe', '--why', 'x'], "argument 'maybe' is invalid"],
  ])('is not resolved by %j', async (args, message) => {
    const run = await broker.ampel('reactions', 'resolve', key, ...args);
    expect(run.stderr).toContain(message);
    expect(run.status).toBe(2);
  });

  it('of another key is none', async () => {
    const run = await broker.ampel('reactions', 'resolve', 'PLAIN/tell/0', '--as', 'sent', '--why', 'seen');
    expect(run.stderr).toContain('There is no reaction PLAIN/tell/0');
    expect(run.status).toBe(2);
    expect((await broker.ampel('reactions', 'list', '--state', 'unknwon')).stderr).toContain('Did you mean unknown?');
  });

  it('is sent again where a person says so, who stands in the history of the object', async () => {
    const why = 'the receiver has not got it';
    await broker.ampelJson('reactions', 'resolve', key, '--as', 'again', '--who', 'anna', '--why', why);
    await eventually('it is confirmed', async () => {
      const [one] = await broker.ampelJson('reactions', 'list', '--object', OBJECT);
      return one?.['state'] === 'confirmed';
    });
    const [one] = await broker.ampelJson('reactions', 'show', key);
    expect(one).toMatchObject({ key, attempts: 2, resolved: { by: 'anna', why } });
    expect(taken).toHaveLength(2);
    const connection = await Connection.connect({ address: broker.env['AMPEL_TEMPORAL_ADDRESS'] ?? '' });
    const handle = new Client({ connection }).workflow.getHandle(`transient/${OBJECT}`);
    const history = JSON.stringify(await handle.fetchHistory());
    await connection.close();
    const [, asked = ''] = /"name":"reactAgain".*?"data":"([^"]+)"/.exec(history) ?? [];
    expect(JSON.parse(Buffer.from(asked, 'base64').toString())).toMatchObject({ requestedBy: 'anna', reason: why });
    const told = await broker.ampel('explain', OBJECT, '--channel', 'PLAIN');
    expect(told.stdout).toContain(`anna says so: ${why}`);
  });

  it('is not resolved any more once it is confirmed', async () => {
    const run = await broker.ampel('reactions', 'resolve', key, '--as', 'again', '--why', 'x');
    expect(run.stderr).toContain('is left as it is: its receiver has confirmed it');
    expect(run.status).toBe(2);
  });
});
