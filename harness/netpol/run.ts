import { defineCase, feature } from '../case/define-case.ts';
import type { CaseContext, CaseDefinition } from '../case/types.ts';
import { describeSpread } from './grid-types.ts';
import { refuseBrokenProbes, withoutOwnAddress } from './broken-probes.ts';
import { type Raise, withCanary } from './canary.ts';
import { grid, ownGrid } from './grid-fixture.ts';
import { firstIsolation } from './isolation.ts';
import { refuseLostPods } from './lost-pods.ts';
import { applyStep } from './apply-step.ts';
import { classifyFailure, lastTable } from './unexplained-failure.ts';
import { readyGrid } from './ready-grid.ts';
import { rowOf } from './table-row.ts';
import { GridState } from './state.ts';
import { type MeasuredCell, PolicyTable } from './table.ts';
import { idleLoads } from '../case/idle-load.ts';
import type { Action, PolicyCase, PolicyStep } from './types.ts';
import { explainCanaryTimeout } from './canary-timeout.ts';
import { holdTable } from './table-hold.ts';
import { changedCells, isObservable, TableWatch } from './watch.ts';

/** Makes a runnable case of the data: leases a grid, performs each step, settles on the oracle's table. */
export function policyCase(data: PolicyCase): CaseDefinition {
  const { id, title, tags, tier, source } = data;
  return defineCase({
    id,
    title,
    tags: [...new Set(tags)],
    area: 'networkpolicy',
    touches: 'own',
    rights: [],
    uses: [data.held === true ? ownGrid : grid],
    affinity: firstIsolation(data),
    ...(data.held === true ? { idleLoad: idleLoads.hold } : {}),
    mostlyIdle: data.held === true || data.steps.some(({ actions }) => actions.some(isSlow)),
    needs: [feature('NetworkPolicy'), ...(data.needs ?? []).map((name) => feature(name))],
    ...(tier === undefined ? {} : { tier }),
    source: source ?? 'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
    run: async (ctx) => {
      const state = new GridState(await readyGrid(ctx, data));
      ctx.parameter('pods of the grid on', describeSpread(state.grid.pods));
      for (const step of data.steps) {
        await runStep(ctx, state, { ...step, routes: data.routes, isLast: step === data.steps.at(-1) });
      }
      if (data.held === true) await holdTable(ctx, state, new PolicyTable(state));
    },
  });
}

/** Pods and namespaces take seconds to come and go, and a CNI may take its time to read a label. */
const isSlow = ({ do: what }: Action) => what !== 'apply' && what !== 'delete-policy';

type Stage = PolicyStep & Pick<PolicyCase, 'routes'> & { readonly isLast: boolean };

/**
 * That a step has been read is observable in its own table where the oracle's changes with it, and differs from what the
 * grid did last: neither the release of an earlier case's policies nor what is still in force of them must stand for it.
 * Otherwise a canary confirms it, and where a failure is expected: what is confirmed need not be waited for.
 */
async function runStep(ctx: CaseContext, state: GridState, step: Stage): Promise<void> {
  const before = new PolicyTable(state).verdicts();
  await ctx.step(step.title, async () => {
    await applyStep(ctx, state, step.actions);
  });
  const table = new PolicyTable(state);
  const wanted = table.verdicts();
  const observable = changedCells(before, wanted).length > 0 && isObservable(state.grid, wanted);
  if (observable && !ctx.knownFailure) return settleOn(ctx, state, step, table);
  const canary = { timeoutMs: ctx.timeouts.policyConnectMs, stays: step.isLast };
  return withCanary(ctx, state, canary, (raise) => settleOn(ctx, state, step, table, raise));
}

/** `raise`, where the table itself cannot show that it has been read, waits for what does. */
async function settleOn(
  ctx: CaseContext,
  state: GridState,
  step: Stage,
  table: PolicyTable,
  raise?: Raise,
): Promise<void> {
  const watchOf = (confirmed: boolean) => {
    const judged = raise === undefined ? table : new PolicyTable(state);
    return new TableWatch(state.grid, judged, { timeoutMs: waitOf(ctx, step), routes: step.routes, confirmed });
  };
  let watch: TableWatch | undefined;
  try {
    const confirmedMs = await raise?.();
    const ours = (watch = watchOf(confirmedMs !== undefined));
    const { policySettleMs, canaryConfirmedSettleMs } = ctx.timeouts;
    const timeoutMs = ctx.knownFailure && confirmedMs !== undefined ? canaryConfirmedSettleMs : policySettleMs;
    await ctx.settle(`table after "${step.title}"`, () => ours.sample(), { timeoutMs, kind: 'table after a step' });
    const { cells, effectMs, agreeMs } = ours.settled();
    ctx.measure('policy_effect', (confirmedMs ?? 0) + effectMs, 'ms');
    ctx.measure('policy_agreement', agreeMs, 'ms');
    attachTables(ctx, step, state, cells);
  } catch (error) {
    const seen = await lastTable(ctx, state, watch ?? watchOf(true));
    const { cells: last } = seen;
    attachTables(ctx, step, state, last);
    await refuseLostPods(ctx.kube, state.pods, error);
    refuseBrokenProbes(last, error, await withoutOwnAddress(last, state, waitOf(ctx, step)));
    const failure = watch === undefined ? explainCanaryTimeout(step.title, last, error) : error;
    classifyFailure(ctx, seen, failure);
    throw failure;
  }
}

/** A name is resolved first, in a row with hundreds of others. */
function waitOf({ timeouts }: CaseContext, { routes }: Stage): number {
  return routes?.includes('name') === true ? timeouts.dnsQueryMs : timeouts.policyConnectMs;
}

function attachTables(ctx: CaseContext, step: PolicyStep, state: GridState, cells: readonly MeasuredCell[]): void {
  const policies = JSON.stringify([...state.policies.values()], undefined, 2);
  ctx.attach(`policies after "${step.title}"`, policies, 'application/json');
  ctx.table(`after "${step.title}"`, cells.map(rowOf));
}
