import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The workflows as the build bundled them. Throws `Error` where the program was not built. */
export function builtWorkflows(): { readonly codePath: string } {
  const codePath = fileURLToPath(new URL('../workflow-bundle.js', import.meta.url));
  if (existsSync(codePath)) return { codePath };
  throw new Error(`${codePath} is missing: build the program with "npm run build"`);
}
