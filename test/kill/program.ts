import { cp, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Copies the built program, with a slow unit added, and answers the folder of its modules. A copy, so that a build
 * meanwhile cannot hand a restarted worker another program.
 */
export async function copyProgram(folder: string): Promise<string> {
  const dist = join(folder, 'dist');
  await mkdir(folder, { recursive: true });
  await cp(join(root, 'dist'), dist, { recursive: true });
  await cp(join(root, 'package.json'), join(folder, 'package.json'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await cp(fileURLToPath(new URL('t2-slow-count.mjs', import.meta.url)), join(dist, 'units', 't2', 't2-slow-count.js'));
  return dist;
}
