import { OrdealError } from '../base/errors.ts';
import { processMark } from '../base/process-alive.ts';
import type { Timeouts } from '../base/timeouts.ts';
import type { Emit } from '../events/types.ts';
import { type FaultDriver, type FaultTarget, planFault } from './driver.ts';
import { createFault } from './fault.ts';
import type { Fault, MeasureEffect } from './types.ts';

export interface FaultBenchOptions {
  readonly cluster: FaultTarget;
  readonly runId: string;
  /** Folder of this run where write-ahead records are kept. */
  readonly stateDir: string;
  readonly timeouts: Pick<Timeouts, 'settleMs' | 'settlePollMs' | 'faultDeadlineMs'>;
  readonly emit: Emit;
}

export interface FaultOptions {
  /** The nodes revert by themselves after this; default Timeouts.faultDeadlineMs. */
  readonly deadlineMs?: number;
  /** Measures the effect in place of what the driver would; must be given where the driver has nothing. */
  readonly effect?: MeasureEffect;
  /** `deadline`: nobody will revert it in time, and that is no reason for doubt. */
  readonly endsBy?: 'harness' | 'deadline';
}

/** The case that asks for a fault, as events name it. */
export interface CaseKey {
  readonly id: string;
  readonly variant?: string;
}

/** Makes the faults of one run, each with an id of its own and its phases in the event log. */
export interface FaultBench {
  /**
   * Plans a fault; nothing happens before its `inject()`. The caller sees to it that `revert()` is called.
   * @throws OrdealError USAGE for parameters that do not fit or an effect nobody can measure; FAULT when it cannot be
   * done on this cluster.
   */
  prepare<P>(
    driver: FaultDriver<P>,
    params: NoInfer<P>,
    options?: FaultOptions & { readonly case?: CaseKey },
  ): Promise<Fault>;
}

/** Returns a bench; it touches nothing by itself. */
export function createFaultBench({ cluster, runId, stateDir, timeouts, emit }: FaultBenchOptions): FaultBench {
  let made = 0;
  return {
    prepare: async (driver, params, options = {}) => {
      const { deadlineMs = timeouts.faultDeadlineMs, endsBy, case: asker } = options;
      const plan = await planFault(driver, cluster, params);
      const effect = options.effect ?? plan.effect;
      if (effect === undefined) throw unmeasurable(driver.name);
      made += 1;
      const id = faultId(runId, made);
      const about = { id, runId, owner: processMark(), cluster: cluster.info.name, driver: driver.name };
      const record = { ...about, title: plan.title, madeAt: new Date().toISOString(), deadlineMs };
      const said = {
        type: 'fault',
        faultId: id,
        driver: driver.name,
        ...(asker !== undefined && { caseId: asker.id }),
        ...(asker?.variant !== undefined && { variant: asker.variant }),
      } as const;
      return createFault(
        { ...plan, effect },
        {
          ...{ exec: cluster.nodeExec, stateDir, record, timeouts, endsBy },
          report: (phase, detail) => emit({ ...said, phase, detail }),
        },
      );
    },
  };
}

function unmeasurable(driver: string): OrdealError {
  return new OrdealError('USAGE', `the fault ${driver} has no way to see by itself whether it acts`, {
    remedy: 'Hand it `effect`: a probe that shows it from outside.',
  });
}

/** Fit for a file, a systemd unit and, with `_` for `-`, an nftables table. */
function faultId(runId: string, count: number): string {
  const run = runId.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return `${run}-${count}`.replace(/^-+/, '');
}
