import { readFile } from 'node:fs/promises';
import { parseAllDocuments } from 'yaml';
import { ExitCode, OrdealError } from '../base/errors.ts';
import { fromChaosMesh } from '../chaos/chaos-mesh.ts';
import { scenarioOf } from '../chaos/imported-scenario.ts';
import type { Write } from './output.ts';

/**
 * Writes the scenario that a file of Chaos Mesh experiments amounts to, and what of it that does not say. Returns 4 when
 * there is any of that. @throws OrdealError USAGE for a file that cannot be read or an experiment without counterpart.
 */
export async function importChaosMesh(file: string, write: Write, warn: Write): Promise<ExitCode> {
  const experiments = (await documentsOf(file)).map(fromChaosMesh);
  await write(scenarioOf(experiments));
  for (const one of experiments) {
    for (const line of one.lost) await warn(`${one.title}: not expressed: ${line}\n`);
  }
  return experiments.some(({ lost }) => lost.length > 0) ? ExitCode.inconclusive : ExitCode.conforms;
}

async function documentsOf(file: string): Promise<unknown[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new OrdealError('USAGE', `${file} cannot be read`, { cause });
  });
  const documents = parseAllDocuments(text);
  const [broken] = [...documents].flatMap((one) => one.errors);
  if (broken !== undefined) throw new OrdealError('USAGE', `${file} is not YAML: ${broken.message}`);
  const found = [...documents].map((one): unknown => one.toJS()).filter((one) => one !== null);
  if (found.length === 0) throw new OrdealError('USAGE', `${file} holds no experiment`);
  return found;
}
