import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { expect } from 'chai';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { grid } from '../../harness/netpol/grid-fixture.ts';
import { gridProbe } from '../../harness/netpol/grid-layout.ts';
import type { CaseContext, CaseDefinition } from '../../harness/case/types.ts';
import type { Agent } from '../../harness/probe/agent-types.ts';
import { everything, policy } from '../../harness/netpol/build.ts';
import { isolationBy } from '../../harness/netpol/isolation.ts';
import type { GridState } from '../../harness/netpol/state.ts';
import type { PolicyTemplate } from '../../harness/netpol/types.ts';
import { hostAgents } from '../../harness/workload/fleet.ts';
import { closed, open, type Check, type Want } from '../../harness/table/checks.ts';
import { underPolicies } from '../../harness/netpol/under-policies.ts';

const source =
  'https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation';

interface NodeCase {
  readonly name: string;
  readonly title: string;
  readonly policies: readonly PolicyTemplate[];
  /** Which grid pods the host agent of a node tries, and what must happen. */
  readonly pods: 'own-node' | 'other-node';
  readonly want: Want;
}

const nodeCases: readonly NodeCase[] = [
  {
    name: 'own-node-under-deny',
    title: 'A node reaches its own pods although ingress is denied',
    policies: [policy('x', 'deny', everything, { ingress: [] })],
    pods: 'own-node',
    want: open(),
  },
  {
    name: 'other-node-under-deny',
    title: 'A node does not reach the pods of another node when ingress is denied',
    policies: [policy('x', 'deny', everything, { ingress: [] })],
    pods: 'other-node',
    want: closed,
  },
  {
    name: 'other-node-allow-all',
    title: 'Allow-all ingress admits the nodes as well',
    policies: [policy('x', 'allow', everything, { ingress: [{}] })],
    pods: 'other-node',
    want: open(),
  },
  {
    name: 'all-namespaces-is-not-nodes',
    title: 'A namespaceSelector that selects all pods does not admit another node',
    policies: [policy('x', 'pods-only', everything, { ingress: [{ peers: [{ namespaceSelector: everything }] }] })],
    pods: 'other-node',
    want: closed,
  },
];

function nodeCase({ name, title, policies, pods, want }: NodeCase): CaseDefinition {
  return defineCase({
    id: `networkpolicy-node-${name}`,
    title,
    area: 'networkpolicy',
    touches: 'own',
    rights: [],
    tags: ['node-source'],
    uses: [grid, hostAgents],
    source,
    needs: [feature('NetworkPolicy'), ...(pods === 'other-node' ? [feature('MultiNode')] : [])],
    affinity: isolationBy(policies),
    run: (ctx) =>
      underPolicies(ctx, policies, async (state) => {
        const pairs = pairsOf(ctx, state, pods);
        expect(pairs.length, `pairs of a host agent and a grid pod of namespace x on ${pods}`).to.be.above(0);
        await settleAndExpect(ctx, `host agents to ${pods} pods`, checksOf(ctx, pairs, want));
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

/** A pod always reaches itself: that it listens makes a refusal the policy's. */
function checksOf(ctx: CaseContext, pairs: readonly (readonly [Agent, Agent])[], want: Want): Check[] {
  const targets = [...new Set(pairs.map(([, target]) => target))];
  const asked = [
    ...targets.map((target) => ({ from: target, target, want: open() })),
    ...pairs.map(([from, target]) => ({ from, target, want })),
  ];
  const probe = (target: Agent, protocol: 'TCP' | 'UDP') =>
    gridProbe(target.ip, 80, protocol, ctx.timeouts.policyConnectMs);
  return asked.flatMap(({ from, target, want: wanted }) =>
    (['TCP', 'UDP'] as const).map((protocol) => ({ from, probe: probe(target, protocol), want: wanted })),
  );
}

export const cases = nodeCases.map(nodeCase);
