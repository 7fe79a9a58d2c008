import { defineCase, feature } from '../../harness/case/define-case.ts';
import type { CaseContext } from '../../harness/case/types.ts';
import type { KubeObject } from '../../harness/kube/types.ts';
import type { Agent } from '../../harness/probe/types.ts';
import { type Effect, type Lane, startLanes, timeChange } from '../support/policy/change-lanes.ts';

const port = 8090;
const mostRounds = 3;
/** No further round begins after this: a CNI that takes half a minute for a label is known after the first. */
const roundsMs = 10_000;
const mostNodes = 3;
const kind = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy' };
const admitted = { 'ordeal.dev/admitted': 'yes' };

/** A client and a server on each node (three at most), and traffic between all of them; the first client is admitted. */
async function scene(ctx: CaseContext): Promise<{ namespace: string; clients: Agent[]; lanes: Lane[] }> {
  const namespace = await ctx.namespace();
  const nodes = ctx.cluster.info.nodes.filter((node) => node.schedulable).slice(0, mostNodes);
  const spec = (role: string, node: string, index: number) => ({
    name: `${role}-${index}`,
    namespace,
    node,
    labels: role === 'client' && index === 0 ? { role, ...admitted } : { role },
    ports: [{ port, protocol: 'TCP' as const, name: 'tcp' }],
    steady: true,
  });
  const specs = nodes.flatMap(({ name }, index) => [spec('client', name, index), spec('server', name, index)]);
  const agents = await ctx.agents(specs);
  const clients = agents.filter((one) => one.name.startsWith('client'));
  const servers = agents.filter((one) => one.name.startsWith('server'));
  const pairs = clients.flatMap((from) => servers.map((to): [Agent, Agent] => [from, to]));
  return { namespace, clients, lanes: await startLanes(ctx, pairs, port) };
}

function policyFor(namespace: string, from: object[]): KubeObject {
  const ingress = from.length === 0 ? [] : [{ from }];
  const spec = { podSelector: { matchLabels: { role: 'server' } }, policyTypes: ['Ingress'], ingress };
  return { ...kind, metadata: { name: 'timed', namespace }, spec };
}

const shared = {
  area: 'networkpolicy',
  fleet: false,
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
    run: async (ctx) => {
      const { namespace, lanes } = await scene(ctx);
      const ref = { ...kind, name: 'timed', namespace };
      await inRounds(async () => {
        await timeChange(ctx, [{ what: 'policy created', becomes: 'closed', lanes }], () =>
          ctx.kube.apply(policyFor(namespace, [])),
        );
        await timeChange(ctx, [{ what: 'policy deleted', becomes: 'open', lanes }], () => ctx.kube.remove(ref));
      });
    },
  }),
  defineCase({
    ...shared,
    id: 'networkpolicy-latency-relabel',
    waits: true,
    title: 'how long a label takes to admit a pod, and its removal to shut it out, between all nodes',
    run: async (ctx) => {
      const { namespace, clients, lanes } = await scene(ctx);
      const policy = policyFor(namespace, [{ podSelector: { matchLabels: admitted } }]);
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
