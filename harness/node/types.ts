import type { ExecResult } from '../kube/types.ts';

/** Runs a command in a node's root namespaces; a non-zero exit is a result, not an error. */
export type NodeExec = (
  node: string,
  argv: readonly string[],
  options?: { timeoutMs?: number; stdin?: string },
) => Promise<ExecResult>;
