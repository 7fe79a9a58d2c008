import { OrdealError } from '../base/errors.ts';
import { allCases } from './all-cases.ts';
import { confirmPlan, type Terminal } from './confirm.ts';
import { toStdout } from './output.ts';
import { planCases } from './plan-cases.ts';
import type { RunOptions } from './run-options.ts';
import { planOfMaking, planOnCluster } from './run-plan.ts';
import { failedBefore } from './selection.ts';

/**
 * Says what a run is about to do. On an existing cluster it returns once that is agreed to; with --dry-run the plan is all
 * there is. Nothing is written before. @throws OrdealError USAGE, INTERRUPTED like `confirmPlan`, USAGE for what cannot be run.
 */
export async function announce(options: RunOptions, terminal?: Terminal): Promise<void> {
  const { cases } = planCases(await allCases(options), options, await failedBefore(options));
  const { kubeconfig, dryRun, yes } = options;
  if (dryRun) {
    const plan = await (kubeconfig === undefined
      ? planOfMaking(options, cases)
      : planOnCluster({ ...options, kubeconfig }, cases));
    await toStdout(plan.map((line) => `${line}\n`).join(''));
  } else if (kubeconfig !== undefined) {
    const plan = await planOnCluster({ ...options, kubeconfig }, cases).catch((error: unknown) => {
      // What is agreed to and cannot be looked at has a report that says so.
      if (yes && !isUsage(error)) return [];
      throw error;
    });
    await confirmPlan(plan, { yes }, terminal);
  }
}

const isUsage = (error: unknown) => error instanceof OrdealError && error.code === 'USAGE';
