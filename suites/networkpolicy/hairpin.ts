import { defineCase, feature } from '../../harness/case/define-case.ts';
import { gridProbe } from '../../harness/case/grid-layout.ts';
import type { CaseContext, CaseDefinition } from '../../harness/case/types.ts';
import type { Agent } from '../../harness/probe/types.ts';
import { everything, labelled, policy } from '../support/policy/build.ts';
import { isolationBy } from '../support/policy/isolation.ts';
import type { GridState } from '../support/policy/state.ts';
import type { PolicyTemplate } from '../support/policy/types.ts';
import { underPolicies } from '../support/policy/under-policies.ts';

const source = 'https://github.com/kubernetes-sigs/network-policy-api/issues/343';

interface Hairpin {
  readonly name: string;
  readonly title: string;
  readonly policies: readonly PolicyTemplate[];
  readonly host: (state: GridState) => string;
}

const ownPod = (state: GridState) => podA(state).agent.ip;
const ownService = (state: GridState) => podA(state).service?.ip ?? '';

function podA(state: GridState) {
  const pod = state.pods.find((one) => one.namespaceKey === 'x' && one.name === 'a');
  if (pod === undefined) throw new Error('the grid has no x/a');
  return pod;
}

const toItself = [{ peers: [{ podSelector: labelled({ pod: 'a' }) }] }];
const hairpins: readonly Hairpin[] = [
  {
    name: 'own-ip-under-deny',
    title: 'a pod reaches itself by its own address under deny-all',
    policies: [policy('x', 'deny', everything, { ingress: [], egress: [] })],
    host: ownPod,
  },
  {
    name: 'own-service-admitted',
    title: 'a pod that is admitted to itself reaches itself through its Service',
    policies: [policy('x', 'self', labelled({ pod: 'a' }), { ingress: toItself, egress: toItself })],
    host: ownService,
  },
  {
    name: 'own-service-allow-all',
    title: 'a pod reaches itself through its Service under allow-all',
    policies: [policy('x', 'all', everything, { ingress: [{}], egress: [{}] })],
    host: ownService,
  },
];

function hairpinCase({ name, title, policies, host }: Hairpin): CaseDefinition {
  return defineCase({
    id: `networkpolicy-hairpin-${name}`,
    title,
    area: 'networkpolicy',
    fleet: 'none',
    tags: ['hairpin'],
    tier: 'extended',
    world: 'grid',
    source,
    needs: [feature('NetworkPolicy'), feature('Hairpin')],
    kin: isolationBy(policies),
    run: (ctx) =>
      underPolicies(ctx, policies, async (state) => {
        await ctx.settle('x/a reaches itself', () => firstClosed(ctx, podA(state).agent, host(state)));
      }),
  });
}

async function firstClosed(ctx: CaseContext, agent: Agent, host: string): Promise<string | undefined> {
  const { policyConnectMs } = ctx.timeouts;
  const probes = (['TCP', 'UDP'] as const).map((protocol) => gridProbe(host, 80, protocol, policyConnectMs));
  const closed = (await agent.probe(probes)).find((result) => result.verdict !== 'open');
  return closed === undefined ? undefined : `x/a -> itself: ${closed.verdict} ${closed.error ?? ''}`;
}

export const cases = hairpins.map(hairpinCase);
