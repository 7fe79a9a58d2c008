import { expect } from 'chai';
import { defineCase } from '../../harness/case/define-case.ts';
import { inCidrs } from './support/addresses.ts';
import { podNetworks } from './support/pods.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { assertNone } from '../../harness/table/assertions.ts';

export const cases = [
  defineCase({
    id: 'connectivity-distinct-addresses',
    area: 'connectivity',
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
    uses: [fleet],
    title: 'Every pod has an address of the cluster network, and hostNetwork pods that of their node',
    tags: ['ipam', 'host-network'],
    source: 'https://kubernetes.io/docs/concepts/services-networking/#the-kubernetes-network-model',
    run(ctx) {
      const { podCidrs, nodes } = ctx.cluster.info;
      const nodeIps = new Map(nodes.map((node) => [node.name, node.ips]));
      for (const agent of ctx.use(fleet).agents) {
        const outside = agent.ips.filter((ip) => !inCidrs(ip, podCidrs));
        assertNone(outside, `addresses of ${agent.name} on ${agent.node} outside of ${podCidrs.join(', ')}`);
      }
      for (const agent of ctx.use(fleet).hostAgents) {
        expect(nodeIps.get(agent.node), `addresses of node ${agent.node}`).to.include(agent.ip);
      }
      return Promise.resolve();
    },
  }),
];
