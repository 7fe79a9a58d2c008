import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { networkPolicy } from '../../harness/kube/objects.ts';
import { judge } from '../../harness/oracle/judge.ts';
import type { Agent } from '../../harness/probe/agent-types.ts';
import { closed, open } from '../../harness/table/checks.ts';
import { reach } from '../../harness/table/probes.ts';
import { schedulableNodes } from '../../harness/workload/backends.ts';
import { modelOf } from '../../harness/workload/expected.ts';
import { clientsOnNodes } from '../../harness/workload/service-traffic.ts';
import { policyRights } from '../../harness/workload/rights.ts';

const numbers = [8081, 8082, 8083];
const labels = { app: 'renamed' };
/** Every pod serves every number and calls another one `web`. */
const portsOf = (named: number) =>
  numbers.map((port) => ({ port, protocol: 'TCP' as const, ...(port === named ? { name: 'web' } : {}) }));

export const cases = [
  defineCase({
    id: 'networkpolicy-named-port-per-pod',
    title: 'A port name in a rule means in each pod the number that this pod calls so',
    area: 'networkpolicy',
    touches: 'own',
    rights: [policyRights],
    tier: 'extended',
    tags: ['named-port', 'ingress'],
    needs: [feature('NetworkPolicy')],
    uses: [fleet],
    source: 'https://kubernetes.io/docs/reference/kubernetes-api/policy-resources/network-policy-v1/',
    run: async (ctx) => {
      const namespace = await ctx.namespace();
      const nodes = schedulableNodes(ctx);
      const specs = numbers.map((named, index) => ({
        ...{ name: `web-is-${named}`, namespace, labels, node: nodes[index % nodes.length], ports: portsOf(named) },
      }));
      const pods = await ctx.agents(specs);
      const clients = clientsOnNodes(ctx);
      const admitAll = clients.flatMap((from) => pods.flatMap((to) => numbers.map((port) => ({ from, to, port }))));
      const checks = (wanted: (to: Agent, port: number) => boolean) =>
        admitAll.map(({ from, to, port }) => ({
          ...{ from, probe: reach(ctx, 'tcp', to.ip, port), want: wanted(to, port) ? open(to.name) : closed },
        }));
      await settleAndExpect(
        ctx,
        'all ports are open without a policy',
        checks(() => true),
      );
      const policy = networkPolicy(namespace, 'by-name', {
        ...{ podSelector: { matchLabels: labels }, policyTypes: ['Ingress'] },
        ingress: [{ ports: [{ protocol: 'TCP', port: 'web' }] }],
      });
      await ctx.apply(policy);
      const model = modelOf(
        [policy],
        pods.map((agent, index) => ({ agent, labels, ports: portsOf(numbers[index] ?? 0) })),
      );
      const isOpen = (to: Agent, port: number) =>
        judge(model, {
          ...{ from: { kind: 'external', ip: '192.0.2.1' }, to: { kind: 'pod', namespace, name: to.name } },
          ...{ port, protocol: 'TCP' },
        }).verdict === 'open';
      await settleAndExpect(ctx, 'each pod is open at the number it calls web', checks(isOpen));
    },
  }),
];
