import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { isSeq, parseDocument } from 'yaml';
import { checkChannel } from '../../channels/check-channel.js';
import type { ChannelRevision } from '../../model/channel.js';
import type { Registry } from '../../units/registry.js';

export const DEMO_CHANNEL = 'DEMO';

/** The example that is explained line by line; the demo shows what it does. From dist/cli/demo. */
const EXAMPLE = fileURLToPath(new URL('../../../channels/HU_RAPID.yaml', import.meta.url));

/** Besides the example's rules: what the night has brought, in one message. */
const AFTER_THE_NIGHT = (url: string): object => ({
  ...{ name: 'after-the-night', unit: 'WebhookReaction', config: { url } },
  ...{ at: '30 min after morning twilight', site: 'palomar', select: { accepted: '1 d' } },
});

/** The channel of the demo: HU_RAPID under another name, telling the receiver at `url`. */
export async function demoChannel(url: string, registry: Registry): Promise<ChannelRevision> {
  const document = parseDocument(await readFile(EXAMPLE, 'utf8'));
  document.set('name', DEMO_CHANNEL);
  document.setIn(['reactions', 'mode'], 'live');
  document.setIn(['keep', 'cutouts'], '30 d');
  const rules = document.get('t3');
  if (!isSeq(rules)) throw new Error(`${EXAMPLE} has no list t3`);
  for (const index of rules.items.keys()) document.setIn(['t3', index, 'config', 'url'], url);
  document.set('periodic', [AFTER_THE_NIGHT(url)]);
  const check = checkChannel(document.toString(), `${DEMO_CHANNEL}.yaml`, registry);
  if (check.ok) return check.revision;
  throw new Error(`${EXAMPLE}: ${check.errors.map(({ message }) => message).join('; ')}`);
}
