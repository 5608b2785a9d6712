#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { commands, groups } from './commands.js';
import { failureOf, isBrokenPipe } from './failure.js';
import { createProgram } from './program.js';

process.stdout.on('error', (error) => {
  if (!isBrokenPipe(error)) throw error;
  process.exit(0);
});
process.on('uncaughtException', (error) => {
  end(error);
  process.exit();
});

try {
  const [first, ...others] = process.argv.slice(2);
  // Commander's own `help` knows one level only.
  const args = first === 'help' ? [...others, '--help'] : process.argv.slice(2);
  const program = await createProgram({ version: await ownVersion(), commands, groups }, args);
  await program.parseAsync(args, { from: 'user' });
} catch (error) {
  end(error);
}

function end(error: unknown): void {
  const { status, message } = failureOf(error, process.env['AMPEL_DEBUG'] !== undefined);
  process.stderr.write(message);
  process.exitCode = status;
}

async function ownVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'));
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isManifest ? String(manifest.version) : 'unknown';
}
