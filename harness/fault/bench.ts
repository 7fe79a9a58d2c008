import type { Cluster } from '../cluster/types.ts';
import type { Emit } from '../events/types.ts';
import type { Timeouts } from '../base/timeouts.ts';
import { createFault } from './fault.ts';
import type { Fault, FaultPlan } from './types.ts';

export interface FaultBenchOptions {
  readonly cluster: Pick<Cluster, 'nodeExec'> & { readonly info: Pick<Cluster['info'], 'name'> };
  readonly runId: string;
  /** Folder of this run where write-ahead records are kept. */
  readonly stateDir: string;
  readonly timeouts: Pick<Timeouts, 'settleMs' | 'settlePollMs' | 'faultDeadlineMs'>;
  readonly emit: Emit;
}

/** Makes the faults of one run, each with an id of its own and its phases in the event log. */
export interface FaultBench {
  /** `deadlineMs` defaults to Timeouts.faultDeadlineMs. The caller sees to it that `revert()` is called. */
  prepare(caseId: string, plan: FaultPlan, options?: { deadlineMs?: number }): Fault;
}

/** Returns a bench; nothing happens before a fault's `inject()`. */
export function createFaultBench(options: FaultBenchOptions): FaultBench {
  const { cluster, runId, stateDir, timeouts, emit } = options;
  let made = 0;
  return {
    prepare: (caseId, plan, { deadlineMs = timeouts.faultDeadlineMs } = {}) => {
      made += 1;
      const id = faultId(runId, made);
      const undo = Object.fromEntries(plan.actions(id).map((action) => [action.node, action.undo]));
      const about = { id, runId, cluster: cluster.info.name, title: plan.title };
      const record = { ...about, madeAt: new Date().toISOString(), deadlineMs, undo };
      return createFault(plan, {
        exec: cluster.nodeExec,
        stateDir,
        record,
        timeouts,
        report: (phase, detail) => emit({ type: 'fault', id: caseId, fault: plan.kind, phase, detail }),
      });
    },
  };
}

/** Fit for a file, a systemd unit and, with `_` for `-`, an nftables table. */
function faultId(runId: string, count: number): string {
  const run = runId.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return `${run}-${count}`.replace(/^-+/, '');
}
