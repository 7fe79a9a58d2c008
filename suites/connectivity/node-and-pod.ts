import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import type { CaseContext } from '../../harness/case/types.ts';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import type { Agent } from '../../harness/probe/agent-types.ts';
import { onOneNode, onTwoNodes } from './support/addresses.ts';
import { open } from '../../harness/table/checks.ts';
import { portFor, reach, transports } from '../../harness/table/probes.ts';
import { fleet, hostAgents } from '../../harness/workload/fleet.ts';

const multiNode = [feature('MultiNode')];
const directions = [
  { key: 'pod-to-own-node', title: 'Pods reach the node they run on', toHosts: true, keep: onOneNode, needs: [] },
  { key: 'pod-to-other-node', title: 'Pods reach other nodes', toHosts: true, keep: onTwoNodes, needs: multiNode },
  { key: 'node-to-own-pod', title: 'Nodes reach the pods they run', toHosts: false, keep: onOneNode, needs: [] },
  {
    key: 'node-to-other-pod',
    title: 'Nodes reach pods of other nodes',
    toHosts: false,
    keep: onTwoNodes,
    needs: multiNode,
  },
] as const;

export const cases = directions.map(({ key, title, toHosts, keep, needs }) =>
  defineCase({
    id: `connectivity-${key}`,
    area: 'connectivity',
    touches: 'own',
    rights: [],
    uses: [fleet, hostAgents],
    title: `${title} over TCP, UDP and HTTP`,
    tags: toHosts ? ['pod-to-node'] : ['node-to-pod', 'e2e:conformance'],
    needs,
    source: toHosts
      ? 'https://kubernetes.io/docs/concepts/cluster-administration/networking/'
      : 'e2e: Networking Granular Checks: Pods should function for node-pod communication: http, udp',
    async run(ctx) {
      const [sources, targets] = toHosts
        ? [ctx.use(fleet).agents, ctx.use(fleet).hostAgents]
        : [ctx.use(fleet).hostAgents, ctx.use(fleet).agents];
      const wanted = sources.flatMap((from) => targets.filter((to) => keep(from, to)).map((to) => ({ from, to })));
      const checks = wanted.flatMap(({ from, to }) => probesTo(ctx, from, to, toHosts));
      await settleAndExpect(ctx, `${key.replaceAll('-', ' ')} answers`, checks);
    },
  }),
);

function probesTo(ctx: CaseContext, from: Agent, to: Agent, toHosts: boolean) {
  const ports = toHosts ? ctx.use(fleet).hostPorts : ctx.use(fleet).ports;
  return transports.map((kind) => ({
    from,
    probe: reach(ctx, kind, to.ip, portFor(ports, kind)),
    want: open(to.name),
  }));
}
