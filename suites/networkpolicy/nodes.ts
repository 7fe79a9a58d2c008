import { expect } from 'chai';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { grid } from '../../harness/netpol/grid-fixture.ts';
import { gridProbe } from '../../harness/netpol/grid-layout.ts';
import type { CaseContext, CaseDefinition } from '../../harness/case/types.ts';
import type { Agent } from '../../harness/probe/types.ts';
import { everything, policy } from '../../harness/netpol/build.ts';
import { isolationBy } from '../../harness/netpol/isolation.ts';
import type { GridState } from '../../harness/netpol/state.ts';
import type { PolicyTemplate } from '../../harness/netpol/types.ts';
import { hostAgents } from '../../harness/workload/fleet.ts';
import { underPolicies } from '../../harness/netpol/under-policies.ts';

const source =
  'https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation';

interface NodeCase {
  readonly name: string;
  readonly title: string;
  readonly policies: readonly PolicyTemplate[];
  /** Which grid pods the host agent of a node tries, and what must happen. */
  readonly pods: 'own-node' | 'other-node';
  readonly verdict: 'open' | 'dropped';
}

const nodeCases: readonly NodeCase[] = [
  {
    name: 'own-node-under-deny',
    title: 'a node reaches its own pods although ingress is denied',
    policies: [policy('x', 'deny', everything, { ingress: [] })],
    pods: 'own-node',
    verdict: 'open',
  },
  {
    name: 'other-node-under-deny',
    title: 'a node does not reach the pods of another node when ingress is denied',
    policies: [policy('x', 'deny', everything, { ingress: [] })],
    pods: 'other-node',
    verdict: 'dropped',
  },
  {
    name: 'other-node-allow-all',
    title: 'allow-all ingress admits the nodes as well',
    policies: [policy('x', 'allow', everything, { ingress: [{}] })],
    pods: 'other-node',
    verdict: 'open',
  },
  {
    name: 'all-namespaces-is-not-nodes',
    title: 'a namespaceSelector that selects all pods does not admit another node',
    policies: [policy('x', 'pods-only', everything, { ingress: [{ peers: [{ namespaceSelector: everything }] }] })],
    pods: 'other-node',
    verdict: 'dropped',
  },
];

function nodeCase({ name, title, policies, pods, verdict }: NodeCase): CaseDefinition {
  return defineCase({
    id: `networkpolicy-node-${name}`,
    title,
    area: 'networkpolicy',
    tags: ['node-source'],
    uses: [grid, hostAgents],
    source,
    needs: [feature('NetworkPolicy'), ...(pods === 'other-node' ? [feature('MultiNode')] : [])],
    affinity: isolationBy(policies),
    run: (ctx) =>
      underPolicies(ctx, policies, async (state) => {
        const pairs = pairsOf(ctx, state, pods);
        expect(pairs.length, `pairs of a host agent and a grid pod of namespace x on ${pods}`).to.be.above(0);
        await ctx.settle(`host agents to ${pods} pods: ${verdict}`, () => firstWrong(ctx, pairs, verdict));
      }),
  });
}

function pairsOf(ctx: CaseContext, state: GridState, where: NodeCase['pods']): [Agent, Agent][] {
  const targets = state.pods.filter((pod) => pod.namespaceKey === 'x').map((pod) => pod.agent);
  const worker = (host: Agent) => ctx.cluster.info.nodes.some((node) => node.name === host.node && node.schedulable);
  return ctx
    .use(hostAgents)
    .filter(worker)
    .flatMap((host) => targets.map((target): [Agent, Agent] => [host, target]))
    .filter(([host, target]) => (host.node === target.node) === (where === 'own-node'));
}

async function firstWrong(ctx: CaseContext, pairs: [Agent, Agent][], verdict: string): Promise<string | undefined> {
  const probes = (target: Agent) =>
    (['TCP', 'UDP'] as const).map((protocol) => gridProbe(target.ip, 80, protocol, ctx.timeouts.policyConnectMs));
  const seen = await Promise.all(
    pairs.map(async ([host, target]) => ({ host, target, results: await host.probe(probes(target)) })),
  );
  const said = seen.flatMap(({ host, target, results }) =>
    results
      .filter((result) => result.verdict !== verdict)
      .map((wrong) => `${host.node} -> ${target.namespace}/${target.name}: ${wrong.verdict}, expected ${verdict}`),
  );
  return said[0];
}

export const cases = nodeCases.map(nodeCase);
