import { expect } from 'chai';
import { delaysLabelChanges } from '../../harness/case/concurrency.ts';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import type { CaseContext } from '../../harness/case/types.ts';
import type { Agent } from '../../harness/probe/agent-types.ts';
import { type ChangeTry, describeLate, isDecided } from '../../harness/netpol/change-budget.ts';
import { type Effect, timeChange } from '../../harness/netpol/change-lanes.ts';
import { grid } from '../../harness/netpol/grid-fixture.ts';
import {
  admitted,
  isolating,
  onGridPods,
  policyFor,
  startOwnPods,
  timedPolicy,
} from '../../harness/netpol/latency-fixtures.ts';
import { policyRights } from '../../harness/workload/rights.ts';
import { may } from '../../harness/kube/rights.ts';

const shared = {
  area: 'networkpolicy',
  touches: 'own',
  rights: [policyRights, may(['patch'], 'pods')],
  tags: ['latency'],
  needs: [feature('NetworkPolicy')],
  // Alone, so that the figure is the CNI's and not that of a machine busy with other cases.
  exclusive: ['paths'],
  source: 'https://github.com/kubernetes/perf-tests/tree/master/network/tools/network-policy-enforcement-latency',
} as const;

export const cases = [
  defineCase({
    ...shared,
    id: 'networkpolicy-latency-policy',
    title: 'A policy closes every path between nodes in time, and its deletion opens it',
    uses: [grid],
    run: async (ctx) => {
      const fixture = await onGridPods(ctx);
      const { lanes } = fixture;
      await inTime(ctx, ctx.timeouts.policyChangeMs, async () => ({
        'a policy': await timeChange(ctx, [{ what: 'policy created', becomes: 'closed', lanes }], () =>
          ctx.kube.apply(isolating(fixture)),
        ),
        'the deletion of a policy': await timeChange(ctx, [{ what: 'policy deleted', becomes: 'open', lanes }], () =>
          ctx.kube.remove(timedPolicy(fixture)),
        ),
      }));
    },
  }),
  defineCase({
    ...shared,
    id: 'networkpolicy-latency-relabel',
    tier: 'extended',
    mostlyIdle: true,
    title: 'A label admits a pod in time, and its removal shuts it out, between all nodes',
    run: async (ctx) => {
      const fixture = await startOwnPods(ctx);
      const { clients, lanes } = fixture;
      const policy = policyFor(fixture, [{ podSelector: { matchLabels: admitted } }]);
      const of = (agents: readonly Agent[]) => lanes.filter(({ from }) => agents.includes(from));
      let [inside, outside] = [clients.slice(0, 1), clients.slice(1)];
      const created: Effect = { what: 'policy for a label created', becomes: 'closed', lanes: of(outside) };
      await timeChange(ctx, [created], () => ctx.kube.apply(policy));
      // Both at once: a CNI that sits on labels for half a minute does so once a round.
      await inTime(ctx, labelBudgetMs(ctx), async () => {
        const opened: Effect = { what: 'pod labelled', becomes: 'open', lanes: of(outside) };
        const closed: Effect = { what: 'label removed', becomes: 'closed', lanes: of(inside) };
        const changed = await timeChange(ctx, [opened, closed], () =>
          Promise.all([label(ctx, outside, 'yes'), label(ctx, inside, null)]),
        );
        [inside, outside] = [outside, inside];
        return { 'a change of labels': changed };
      });
    },
  }),
];

/** No further round begins after this where one has been in time: half a minute a label adds up. */
const roundsMs = 10_000;

/**
 * Makes changes in rounds until enough tries of each agree on whether it is in time.
 * @throws AssertionError naming what mostly was not.
 */
async function inTime(
  ctx: CaseContext,
  budgetMs: number,
  round: () => Promise<Readonly<Record<string, ChangeTry>>>,
): Promise<void> {
  const tries = new Map<string, ChangeTry[]>();
  const begun = performance.now();
  const late = () => [...tries].flatMap(([what, of]) => describeLate(what, of, budgetMs) ?? []);
  const undecided = () => tries.size === 0 || [...tries.values()].some((of) => !isDecided(of, budgetMs));
  while (undecided() && (late().length > 0 || performance.now() - begun < roundsMs)) {
    for (const [what, one] of Object.entries(await round())) tries.set(what, [...(tries.get(what) ?? []), one]);
  }
  ctx.parameter('budget', `${budgetMs} ms`);
  if (late().length > 0) expect.fail(late().join('; '));
}

/** A CNI that is known to sit on labels may do so as long as its own settings say. */
function labelBudgetMs({ cluster, timeouts }: CaseContext): number {
  return delaysLabelChanges(cluster.info.cni) ? timeouts.policySettleMs : timeouts.policyChangeMs;
}

async function label(ctx: CaseContext, pods: readonly Agent[], value: string | null): Promise<void> {
  const labels = Object.fromEntries(Object.keys(admitted).map((key) => [key, value]));
  await Promise.all(
    pods.map(({ name, namespace }) => {
      return ctx.kube.patch({ apiVersion: 'v1', kind: 'Pod', name, namespace }, { metadata: { labels } });
    }),
  );
}
