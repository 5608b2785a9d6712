import type { ChannelCheck } from '../channels/check-channel.js';
import { loadChannel } from '../channels/load-channel.js';
import type { Registry } from '../units/registry.js';
import { channelErrorLines } from './channel-error-lines.js';
import { CliError } from './cli-error.js';
import { counted } from './counted.js';
import { requirePath } from './existing-path.js';

/** The channel in a file, with the files that it names. What is wrong with it is told as `ampel channel check` tells it, then `CliError` is thrown. */
export async function requireChannel(file: string, registry: Registry): Promise<Extract<ChannelCheck, { ok: true }>> {
  await requirePath(file);
  const check = await loadChannel(file, registry);
  if (check.ok) return check;
  process.stderr.write(`${channelErrorLines(check.errors, check.text)}\n`);
  throw new CliError(`${file} is no channel: ${counted(check.errors.length, 'error')}`, 2);
}
