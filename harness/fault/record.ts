import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

/** Written before anything is applied, in the run's state folder and on every node the fault touches. */
export const FaultRecord = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  runId: z.string(),
  cluster: z.string(),
  title: z.string(),
  madeAt: z.iso.datetime(),
  deadlineMs: z.int().positive(),
  /** The inverse command per node. */
  undo: z.record(z.string(), z.string()),
});
export type FaultRecord = z.infer<typeof FaultRecord>;

const folder = (stateDir: string) => join(stateDir, 'faults');
const fileOf = (stateDir: string, id: string) => join(folder(stateDir), `${id}.json`);

/** Writes the record so that a reader sees all of it or nothing. */
export async function writeRecord(stateDir: string, record: FaultRecord): Promise<void> {
  await mkdir(folder(stateDir), { recursive: true });
  const file = fileOf(stateDir, record.id);
  await writeFile(`${file}.tmp`, `${JSON.stringify(record)}\n`);
  await rename(`${file}.tmp`, file);
}

/** Forgets a fault that was proven gone; absent is fine. */
export async function dropRecord(stateDir: string, id: string): Promise<void> {
  await rm(fileOf(stateDir, id), { force: true });
}

/** Returns the faults of this state folder that nobody has proven gone. */
export async function readRecords(stateDir: string): Promise<FaultRecord[]> {
  const names = await readdir(folder(stateDir)).catch(() => []);
  const files = names.filter((name) => name.endsWith('.json')).sort();
  return Promise.all(files.map(async (name) => parseRecord(await readFile(join(folder(stateDir), name), 'utf8'))));
}

/** Throws ZodError or SyntaxError on anything that is not a record. */
export function parseRecord(text: string): FaultRecord {
  return FaultRecord.parse(JSON.parse(text));
}
