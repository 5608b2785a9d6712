import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { readYaml, type YamlReading } from '../channels/read-yaml.js';
import { pathText } from '../channels/yaml-path.js';
import type { ConfigSchema } from '../units/define.js';
import { parseConfig } from '../units/parse-config.js';
import { CliError } from './cli-error.js';
import { requireFile } from './existing-path.js';

/**
 * A unit's config from a YAML or JSON file, without a file an empty one; defaults filled in. Throws `CliError` (wrong
 * input) with everything that is wrong, each with line and column.
 */
export async function readUnitConfig<Config extends ConfigSchema>(
  unit: { readonly name: string; readonly config: Config },
  file: string | undefined,
): Promise<z.output<Config>> {
  const content = file === undefined ? undefined : await readContent(file);
  const parsed = parseConfig(unit, content?.value);
  if (parsed.ok) return parsed.config;
  const lines = parsed.issues.map(({ path, message }) => {
    const place = content?.placeOf(path, message.startsWith('unknown key ') ? 'key' : 'value');
    const where = place === undefined ? '' : `${file ?? ''}:${place.line}:${place.column}: `;
    return `  ${where}${path.length === 0 ? '' : `${pathText(path)}: `}${message}`;
  });
  const source = file ?? 'an empty config (there is no --config)';
  const hint = `"ampel unit show ${unit.name}" shows the keys and their defaults.`;
  throw new CliError(`${source} is no config of ${unit.name}:\n${lines.join('\n')}`, 2, hint);
}

async function readContent(file: string): Promise<NonNullable<YamlReading['content']>> {
  await requireFile(file);
  // JSON is YAML too.
  const { faults, content } = readYaml(await readFile(file, 'utf8'));
  if (content !== undefined && faults.length === 0) return content;
  const lines = faults.map(({ line, column, message }) => `  ${file}:${line}:${column}: ${message}`);
  throw new CliError(`${file} cannot be read as YAML or JSON:\n${lines.join('\n')}`, 2);
}
