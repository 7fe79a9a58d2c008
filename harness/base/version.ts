import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** Returns Ordeal's own version, from its package.json. */
export function ordealVersion(root: string): string {
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))).version;
}
