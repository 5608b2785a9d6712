import { Command } from 'commander';
import { channelErrorLines } from './channel-error-lines.js';
import { CliError } from './cli-error.js';

const HELP = `
Each error has its line and column, what was found, and what was expected.
The configs of units are checked too; see "ampel unit list" for the units there are.

Examples:
  $ ampel channel check channels/HU_RAPID.yaml
  $ ampel channel check channels/HU_RAPID.yaml --json   {"ok":true,"errors":[]}`;

/** `ampel channel check FILE`: is this a channel? No server is asked. */
export function channelCheckCommand(): Command {
  return new Command('check')
    .description('check a channel file, without any server')
    .argument('<file>', 'the channel, a YAML file named after it')
    .option('--json', 'print {ok, errors: [{file, line, column, path, message}]}')
    .addHelpText('after', HELP)
    .action((file: string, flags: { readonly json?: boolean }) => channelCheck(file, flags.json === true));
}

async function channelCheck(file: string, json: boolean): Promise<void> {
  const [{ loadChannel }, { loadRegistry }] = await Promise.all([
    import('../channels/load-channel.js'),
    import('../units/registry.js'),
  ]);
  const check = await loadChannel(file, await loadRegistry());
  const errors = check.ok ? [] : check.errors;
  if (json) console.log(JSON.stringify({ ok: check.ok, errors }));
  else if (check.ok) {
    const { channel, hash } = check.revision;
    console.log(`${channel.name} ${channel.version} is a channel, revision ${hash.slice(0, 12)}`);
  } else console.error(channelErrorLines(errors, check.text));
  if (!check.ok) throw new CliError(`${file} has ${errors.length} error${errors.length === 1 ? '' : 's'}`, 2);
}
