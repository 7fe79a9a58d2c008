import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sourceExtension } from '../base/paths.ts';
import { areasIn } from '../case/areas.ts';
import type { AreaTable } from './types.ts';

/** Returns the tables that the files `root/<area>/during` export as `duringTable`, in the order of areas. */
export async function loadAreaTables(root: string): Promise<AreaTable[]> {
  const files = areasIn(root)
    .map((area) => join(root, area, `during${sourceExtension}`))
    .filter((file) => existsSync(file));
  const modules = await Promise.all(files.map(async (file) => (await import(pathToFileURL(file).href)) as object));
  return modules.flatMap((module) => ('duringTable' in module ? [module.duringTable as AreaTable] : []));
}
