import { readFile } from 'node:fs/promises';
import { KNOWN_CLIENT } from './static-member.js';

describe('a reader that keeps its name in the group', () => {
  it("relies on the inside of one version of Kafka's client, which is the one that is installed", async () => {
    const installed = await readFile(new URL('../../node_modules/kafkajs/package.json', import.meta.url), 'utf8');
    expect(JSON.parse(installed)).toMatchObject({ version: KNOWN_CLIENT });
  });
});
