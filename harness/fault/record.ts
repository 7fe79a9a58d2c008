import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const about = {
  id: z.string().regex(/^[a-z0-9-]+$/),
  runId: z.string(),
  /** The process that injected, as `processMark` names it. */
  owner: z.string(),
  cluster: z.string(),
  driver: z.string(),
  title: z.string(),
  madeAt: z.iso.datetime(),
  deadlineMs: z.int().positive(),
};

/** Written before anything is applied, in the run's state folder. */
export const FaultRecord = z.strictObject({
  ...about,
  acts: z.array(z.strictObject({ index: z.int().nonnegative(), node: z.string(), undo: z.string() })),
});
export type FaultRecord = z.infer<typeof FaultRecord>;

/** The same for one act, on the node where it is applied. */
export const ActRecord = z.strictObject({ ...about, act: z.int().nonnegative() });
export type ActRecord = z.infer<typeof ActRecord>;

const folder = (stateDir: string) => join(stateDir, 'faults');
const fileOf = (stateDir: string, id: string) => join(folder(stateDir), `${id}.json`);

/** Writes the record so that a reader sees all of it or nothing. */
export async function writeRecord(stateDir: string, record: FaultRecord): Promise<void> {
  await mkdir(folder(stateDir), { recursive: true });
  const file = fileOf(stateDir, record.id);
  const text = `${JSON.stringify(record)}\n`;
  await writeFile(`${file}.tmp`, text);
  // Some network file systems cannot rename: a record that may be read half is better than none.
  await rename(`${file}.tmp`, file).catch(() => writeFile(file, text));
}

/** Forgets a fault that was proven gone; absent is fine. */
export async function dropRecord(stateDir: string, id: string): Promise<void> {
  await rm(fileOf(stateDir, id), { force: true });
}

/**
 * Returns the faults of this state folder that nobody has proven gone; none where there is no such folder.
 * @throws ZodError or SyntaxError for a file that is not a record.
 */
export async function readRecords(stateDir: string): Promise<FaultRecord[]> {
  const names = await readdir(folder(stateDir)).catch(() => []);
  const files = names.filter((name) => name.endsWith('.json')).sort();
  return Promise.all(
    files.map(async (name) => FaultRecord.parse(JSON.parse(await readFile(join(folder(stateDir), name), 'utf8')))),
  );
}
