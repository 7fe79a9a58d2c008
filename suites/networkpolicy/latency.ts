import { defineCase, feature } from '../../harness/case/define-case.ts';
import type { CaseContext } from '../../harness/case/types.ts';
import type { Agent } from '../../harness/probe/types.ts';
import { type Effect, timeChange } from '../../harness/netpol/change-lanes.ts';
import { grid } from '../../harness/netpol/grid-fixture.ts';
import { admitted, onGridPods, policyFor, startOwnPods, timedPolicy } from '../../harness/netpol/latency-fixtures.ts';

const mostRounds = 3;
/** No further round begins after this: a CNI that takes half a minute for a label is known after the first. */
const roundsMs = 10_000;

const shared = {
  area: 'networkpolicy',
  tier: 'extended',
  tags: ['latency'],
  needs: [feature('NetworkPolicy')],
  // Alone, so that the figure is the CNI's and not that of a machine busy with other cases.
  exclusive: true,
  source: 'https://github.com/kubernetes/perf-tests/tree/master/network/tools/network-policy-enforcement-latency',
} as const;

export const cases = [
  defineCase({
    ...shared,
    id: 'networkpolicy-latency-policy',
    title: 'how long a policy takes to close a path, and its deletion to open it, between all nodes',
    uses: [grid],
    run: async (ctx) => {
      const fixture = await onGridPods(ctx);
      const { lanes } = fixture;
      await inRounds(async () => {
        await timeChange(ctx, [{ what: 'policy created', becomes: 'closed', lanes }], () =>
          ctx.kube.apply(policyFor(fixture, [])),
        );
        await timeChange(ctx, [{ what: 'policy deleted', becomes: 'open', lanes }], () =>
          ctx.kube.remove(timedPolicy(fixture)),
        );
      });
    },
  }),
  defineCase({
    ...shared,
    id: 'networkpolicy-latency-relabel',
    mostlyIdle: true,
    title: 'how long a label takes to admit a pod, and its removal to shut it out, between all nodes',
    run: async (ctx) => {
      const fixture = await startOwnPods(ctx);
      const { clients, lanes } = fixture;
      const policy = policyFor(fixture, [{ podSelector: { matchLabels: admitted } }]);
      const of = (agents: readonly Agent[]) => lanes.filter(({ from }) => agents.includes(from));
      let [inside, outside] = [clients.slice(0, 1), clients.slice(1)];
      const created: Effect = { what: 'policy for a label created', becomes: 'closed', lanes: of(outside) };
      await timeChange(ctx, [created], () => ctx.kube.apply(policy));
      // Both at once: a CNI that sits on labels for half a minute does so once a round.
      await inRounds(async () => {
        const opened: Effect = { what: 'pod labelled', becomes: 'open', lanes: of(outside) };
        const closed: Effect = { what: 'label removed', becomes: 'closed', lanes: of(inside) };
        await timeChange(ctx, [opened, closed], () =>
          Promise.all([label(ctx, outside, 'yes'), label(ctx, inside, null)]),
        );
        [inside, outside] = [outside, inside];
      });
    },
  }),
];

async function inRounds(work: () => Promise<void>): Promise<void> {
  const begun = performance.now();
  for (let round = 0; round < mostRounds && performance.now() - begun < roundsMs; round++) await work();
}

async function label(ctx: CaseContext, pods: readonly Agent[], value: string | null): Promise<void> {
  const labels = Object.fromEntries(Object.keys(admitted).map((key) => [key, value]));
  await Promise.all(
    pods.map(({ name, namespace }) => {
      return ctx.kube.patch({ apiVersion: 'v1', kind: 'Pod', name, namespace }, { metadata: { labels } });
    }),
  );
}
