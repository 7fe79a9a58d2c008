import { defineCase, feature } from '../../harness/case/define-case.ts';
import { grid } from '../../harness/netpol/grid-fixture.ts';
import { gridProbe } from '../../harness/netpol/grid-layout.ts';
import type { CaseContext, CaseDefinition } from '../../harness/case/types.ts';
import type { Agent } from '../../harness/probe/agent-types.ts';
import { applyAction } from '../../harness/netpol/apply-action.ts';
import { everything, labelled, policy } from '../../harness/netpol/build.ts';
import { isolationBy } from '../../harness/netpol/isolation.ts';
import type { GridState } from '../../harness/netpol/state.ts';
import type { PolicyTemplate } from '../../harness/netpol/types.ts';
import { underPolicies } from '../../harness/netpol/under-policies.ts';

const source = 'https://github.com/kubernetes-sigs/network-policy-api/issues/343';

interface Hairpin {
  readonly name: string;
  readonly title: string;
  readonly policies: readonly PolicyTemplate[];
  /** Admits all that the others deny: that a stranger gets in again tells that it has been read. */
  readonly added?: PolicyTemplate;
  readonly host: (state: GridState) => string;
}

const ownPod = (state: GridState) => podOf(state, 'x', 'a').agent.ip;
const ownService = (state: GridState) => podOf(state, 'x', 'a').service?.ip ?? '';

function podOf(state: GridState, namespaceKey: string, name: string) {
  const pod = state.pods.find((one) => one.namespaceKey === namespaceKey && one.name === name);
  if (pod === undefined) throw new Error(`the grid has no ${namespaceKey}/${name}`);
  return pod;
}

const toItself = [{ peers: [{ podSelector: labelled({ pod: 'a' }) }] }];
const hairpins: readonly Hairpin[] = [
  {
    name: 'own-ip-under-deny',
    title: 'A pod reaches itself by its own address under deny-all',
    policies: [policy('x', 'deny', everything, { ingress: [], egress: [] })],
    host: ownPod,
  },
  {
    name: 'own-service-admitted',
    title: 'A pod that is admitted to itself reaches itself through its Service',
    policies: [policy('x', 'self', labelled({ pod: 'a' }), { ingress: toItself, egress: toItself })],
    host: ownService,
  },
  {
    name: 'own-service-allow-all',
    title: 'A pod reaches itself through its Service under allow-all',
    policies: [policy('x', 'deny', everything, { ingress: [], egress: [] })],
    added: policy('x', 'all', everything, { ingress: [{}], egress: [{}] }),
    host: ownService,
  },
];

function hairpinCase({ name, title, policies, added, host }: Hairpin): CaseDefinition {
  return defineCase({
    id: `networkpolicy-hairpin-${name}`,
    title,
    area: 'networkpolicy',
    touches: 'own',
    rights: [],
    tags: ['hairpin'],
    tier: 'extended',
    uses: [grid],
    source,
    needs: [feature('NetworkPolicy'), feature('Hairpin')],
    affinity: isolationBy(policies),
    run: (ctx) =>
      underPolicies(ctx, policies, async (state) => {
        const { agent } = podOf(state, 'x', 'a');
        if (added !== undefined) {
          await applyAction(ctx, state, { do: 'apply', policy: added });
          await ctx.settle('y/a gets in again', () => firstClosed(ctx, podOf(state, 'y', 'a').agent, agent.ip));
        }
        await ctx.settle('x/a reaches itself', () => firstClosed(ctx, agent, host(state)));
      }),
  });
}

async function firstClosed(ctx: CaseContext, agent: Agent, host: string): Promise<string | undefined> {
  const { policyConnectMs } = ctx.timeouts;
  const probes = (['TCP', 'UDP'] as const).map((protocol) => gridProbe(host, 80, protocol, policyConnectMs));
  const closed = (await agent.probe(probes)).find((result) => result.verdict !== 'open');
  return closed === undefined ? undefined : `${agent.name} -> ${host}: ${closed.verdict} ${closed.error ?? ''}`;
}

export const cases = hairpins.map(hairpinCase);
