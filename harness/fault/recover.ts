import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isMarkAlive } from '../base/process-alive.ts';
import { runOnNode } from '../node/run.ts';
import type { NodeExec } from '../node/types.ts';
import { dropRecord, readRecords, type FaultRecord } from './record.ts';

/** A write-ahead record of a run that is no more, and where it lies. */
export interface LeftRecord {
  readonly stateDir: string;
  readonly record: FaultRecord;
}

/**
 * Returns the write-ahead records that dead runs left in `folder`, a run's own or one that holds those of many; none
 * where there is no such folder. Files that are no records are left out.
 */
export async function leftRecords(folder: string): Promise<LeftRecord[]> {
  const inside = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const runs = [folder, ...inside.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name))];
  const found = await Promise.all(
    runs.map(async (stateDir) => {
      const records = await readRecords(stateDir).catch(() => []);
      return records.map((record) => ({ stateDir, record }));
    }),
  );
  return found.flat().filter(({ record }) => !isMarkAlive(record.owner));
}

/**
 * Runs every undo of a record once more, the last one first, and forgets it: its nodes may have lost what they kept, as
 * a restarted node does. An undo that has nothing to do succeeds. Without `exec` the cluster is gone, and all with it.
 * @throws OrdealError FAULT for an undo that failed; the record stays then.
 */
export async function settleRecord({ stateDir, record }: LeftRecord, exec: NodeExec | undefined): Promise<void> {
  if (exec !== undefined) {
    for (const { node, undo } of record.acts.toReversed()) {
      await runOnNode(exec, node, `undo ${record.title}`, ['sh', '-c', undo]);
    }
  }
  await dropRecord(stateDir, record.id);
}
