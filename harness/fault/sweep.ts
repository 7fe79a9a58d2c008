import { describeError, OrdealError } from '../base/errors.ts';
import type { NodeExec } from '../node/types.ts';
import { actName, leftoversOnNode, undoOnNode } from './on-node.ts';
import { ActRecord } from './record.ts';
import type { RevertedBy } from './types.ts';

/** An act that was found on a node and taken away. */
export interface SweptAct {
  readonly node: string;
  /** As its files and units on the node are named. */
  readonly act: string;
  /** Of its fault; undefined for files or units that no readable record belongs to. */
  readonly title: string | undefined;
  readonly by: RevertedBy;
}

export interface SweepOptions {
  readonly exec: NodeExec;
  readonly nodes: readonly string[];
  /** Which acts to take away, by their records; undefined for one that has none that can be read. All when absent. */
  readonly only?: (record: ActRecord | undefined) => boolean;
}

/**
 * Takes away the acts of faults that a killed harness left on nodes, the latest first, with their timers. Returns what
 * was swept. Every node is tried. @throws OrdealError FAULT when one could not be swept.
 */
export async function sweepFaults({ exec, nodes, only }: SweepOptions): Promise<SweptAct[]> {
  const tries = await Promise.allSettled(nodes.map((node) => sweepNode(exec, node, only)));
  const failed = tries.flatMap((one) => (one.status === 'rejected' ? [describeError(one.reason)] : []));
  if (failed.length > 0) {
    throw new OrdealError('FAULT', `sweeping faults: ${failed.join('; ')}`, {
      remedy: 'Each node still reverts at its own deadline; deleting the cluster removes everything.',
    });
  }
  return tries.flatMap((one) => (one.status === 'fulfilled' ? one.value : []));
}

async function sweepNode(exec: NodeExec, node: string, only: SweepOptions['only']): Promise<SweptAct[]> {
  const { records, acts } = await leftoversOnNode(exec, node);
  const known = new Map(records.flatMap(readRecord).map((record) => [actName(record.id, record.act), record]));
  const doomed = [...new Set([...known.keys(), ...acts])].filter((act) => only?.(known.get(act)) ?? true);
  const swept: SweptAct[] = [];
  for (const act of doomed.sort(latestFirst)) {
    swept.push({ node, act, title: known.get(act)?.title, by: await undoOnNode(exec, node, act) });
  }
  return swept;
}

/** A torn record does not keep its act from being undone: its files bear its name. */
function readRecord(text: string): ActRecord[] {
  try {
    return [ActRecord.parse(JSON.parse(text))];
  } catch {
    return [];
  }
}

function latestFirst(one: string, other: string): number {
  return other.localeCompare(one, 'en', { numeric: true });
}
