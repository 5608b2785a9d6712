import { Command } from 'commander';

const HELP = `
Editors with a YAML language server complete and check channels by it, where a file starts with
# yaml-language-server: $schema=./channel.schema.json

Example, after a change of the units:
  $ ampel channel schema > channels/channel.schema.json`;

/** `ampel channel schema`: the JSON Schema of channel files, with the units there are. */
export function channelSchemaCommand(): Command {
  return new Command('schema')
    .description('print the JSON Schema of channel files, for editors')
    .addHelpText('after', HELP)
    .action(channelSchema);
}

async function channelSchema(): Promise<void> {
  const [{ channelJsonSchema }, { loadRegistry }] = await Promise.all([
    import('../channels/json-schema.js'),
    import('../units/registry.js'),
  ]);
  console.log(JSON.stringify(channelJsonSchema(await loadRegistry()), null, 2));
}
