import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { expect } from 'chai';
import { defineCase } from '../../harness/case/define-case.ts';
import type { CaseContext } from '../../harness/case/types.ts';
import { addressFlaw } from './support/addresses.ts';
import { podNetworks } from './support/pods.ts';
import { fleet, hostAgents } from '../../harness/workload/fleet.ts';
import { open, type Check } from '../../harness/table/checks.ts';
import { fleetPorts, reach } from '../../harness/table/probes.ts';
import { assertNone } from '../../harness/table/assertions.ts';

export const cases = [
  defineCase({
    id: 'connectivity-distinct-addresses',
    area: 'connectivity',
    touches: 'own',
    rights: [],
    uses: [fleet],
    title: 'No two pods of the cluster share an address',
    tags: ['ipam'],
    source: 'https://kubernetes.io/docs/concepts/services-networking/#the-kubernetes-network-model',
    async run(ctx) {
      const pods = (await podNetworks(ctx)).filter((pod) => !pod.hostNetwork);
      const owners = Map.groupBy(
        pods.flatMap(({ name, ips }) => ips.map((ip) => ({ ip, name }))),
        ({ ip }) => ip,
      );
      const shared = [...owners.values()].filter((holders) => holders.length > 1);
      expect(pods, 'running pods with an address').to.have.lengthOf.above(0);
      assertNone(
        shared.map((holders) => `${holders[0]?.ip ?? ''} by ${holders.map(({ name }) => name).join(' and ')}`),
        `addresses held twice among ${pods.length} pods`,
      );
    },
  }),
  defineCase({
    id: 'connectivity-pod-cidr',
    area: 'connectivity',
    touches: 'own',
    rights: [],
    uses: [fleet, hostAgents],
    title: 'Every pod uses the routable address that its status names, and hostNetwork pods that of their node',
    tags: ['ipam', 'host-network'],
    source: 'https://kubernetes.io/docs/concepts/services-networking/#the-kubernetes-network-model',
    async run(ctx) {
      const { nodes, serviceCidrs } = ctx.cluster.info;
      const { agents, hostAgents } = ctx.use(fleet);
      const limits = { nodeIps: nodes.flatMap(({ ips }) => ips), serviceCidrs, podCidrs: rangesGivenToCni(ctx) };
      const flaws = agents.flatMap(({ name, node, ips }) =>
        ips.flatMap((ip) => addressFlaw(ip, limits)?.replace(/^/, `${name} on ${node}: `) ?? []),
      );
      assertNone(flaws, 'addresses that no pod may have');
      for (const agent of hostAgents) {
        const { ips } = nodes.find(({ name }) => name === agent.node) ?? { ips: [] };
        expect(ips, `addresses of node ${agent.node}`).to.include(agent.ip);
      }
      // An address of another interface, translated on the way, would be seen as that one.
      const { tcp } = fleetPorts(ctx.use(fleet));
      const own = agents.flatMap((from) =>
        from.ips.map((ip): Check => ({
          from,
          probe: reach(ctx, 'tcp', ip, tcp),
          want: { ...open(from.name), peers: [ip] },
        })),
      );
      await settleAndExpect(ctx, 'pods send from the address that their status names', own);
    },
  }),
];

/**
 * Returns the ranges that pod addresses must be of, or undefined where nobody can say: a cluster of somebody else may
 * have its pods in a VPC or in pools of the CNI's own, whatever kubeadm or the nodes name. Those that Ordeal makes have
 * the CNI told their range.
 */
function rangesGivenToCni({ cluster }: CaseContext): readonly string[] | undefined {
  return cluster.info.provider === 'kind' ? cluster.info.podCidrs : undefined;
}
