import { defineCase, feature } from '../../harness/case/define-case.ts';
import { InconclusiveError } from '../../harness/base/errors.ts';
import type { CaseContext } from '../../harness/case/types.ts';
import type { Agent, Sample } from '../../harness/probe/agent-types.ts';
import { closingMs, unsteady } from '../../harness/disruption/change-times.ts';
import { grid } from '../../harness/netpol/grid-fixture.ts';
import { forgetSettled } from '../../harness/netpol/watch.ts';
import { assertNone } from '../../harness/table/assertions.ts';
import { policyRights } from '../../harness/workload/rights.ts';

const everyMs = 10;
/** Pods a node: one that gets through shows that the others could. */
const roles = ['isolated', 'isolated', 'free'];

/** Starts pods that try a grid's pod from their first line on: some that a policy isolates, some that none does. */
async function startPods(ctx: CaseContext, namespace: string, target: Agent): Promise<Agent[]> {
  const { policyConnectMs: timeoutMs } = ctx.timeouts;
  const probe = {
    kind: 'tcp',
    connectOnly: true,
    host: target.ip,
    port: 80,
    timeoutMs,
  } as const;
  const nodes = ctx.cluster.info.nodes.filter((node) => node.schedulable);
  const specs = nodes.flatMap(({ name: node }, index) =>
    roles.map((role, copy) => ({
      name: `${role}-${index}-${copy}`,
      namespace,
      node,
      labels: { role },
      steady: true,
      bootSample: { probe, everyMs, reuse: false },
    })),
  );
  return ctx.agents(specs);
}

export const cases = [
  defineCase({
    id: 'networkpolicy-new-pod-isolated-from-start',
    title: 'A pod that a standing policy isolates gets nothing through from its first moment on',
    area: 'networkpolicy',
    touches: 'own',
    rights: [policyRights],
    tier: 'extended',
    tags: ['leak-window', 'egress'],
    needs: [feature('NetworkPolicy')],
    uses: [grid],
    // Alone, so that the window is the CNI's; and its pods do not hold up the grids everyone waits for.
    exclusive: true,
    source: 'https://kubernetes.io/docs/concepts/services-networking/network-policies/#pod-lifecycle',
    run: async (ctx) => {
      const namespace = await ctx.namespace();
      const spec = { podSelector: { matchLabels: { role: 'isolated' } }, policyTypes: ['Egress'], egress: [] };
      const policy = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' };
      await ctx.kube.apply({ ...policy, metadata: { name: 'no-egress', namespace }, spec });
      const leased = await ctx.use(grid);
      forgetSettled(leased);
      await leased.deletePolicies();
      const [target] = leased.pods;
      if (target === undefined) throw new InconclusiveError('the grid has no pod to try');
      const agents = await startPods(ctx, namespace, target.agent);
      // Without a pod that gets through, one that does not would prove nothing.
      await ctx.settle('free pods get through, isolated ones do not', () => firstWrong(agents));
      const leaks = await Promise.all(agents.filter(isIsolated).map((agent) => leakOf(ctx, agent)));
      assertNone(
        leaks.filter((leak) => leak !== ''),
        'packets let through at the start',
      );
    },
  }),
];

const isIsolated = (agent: Agent) => agent.name.startsWith('isolated');

async function firstWrong(agents: readonly Agent[]): Promise<string | undefined> {
  const views = await Promise.all(
    agents.map(async (agent) => {
      const view = unsteady(await agent.bootSampler().peek(), 0, !isIsolated(agent));
      return view && `${agent.name} on ${agent.node}: ${view}`;
    }),
  );
  return views.find((view) => view !== undefined);
}

async function leakOf(ctx: CaseContext, agent: Agent): Promise<string> {
  const samples: readonly Sample[] = await agent.bootSampler().stop();
  const leaked = samples.filter((sample) => sample.verdict === 'open').length;
  const ms = leaked === 0 ? 0 : closingMs(samples, 0) + everyMs;
  ctx.measure('new_pod_leak_window', ms, 'ms', { node: agent.node });
  return leaked === 0 ? '' : `${agent.name} on ${agent.node}: ${leaked} of its first attempts, until ${ms} ms`;
}
