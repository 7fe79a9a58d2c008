import { expect } from 'chai';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { gridProbe } from '../../harness/case/grid-layout.ts';
import type { CaseContext, CaseDefinition } from '../../harness/case/types.ts';
import { act } from '../support/policy/act.ts';
import { everything, labelled, policy } from '../support/policy/build.ts';
import { GridState } from '../support/policy/state.ts';
import type { PolicyTemplate } from '../support/policy/types.ts';

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
    run: async (ctx) => {
      const state = new GridState(await ctx.grid());
      for (const one of policies) await act(ctx, state, { do: 'apply', policy: one });
      await untilEnforced(ctx, state);
      await ctx.settle('x/a reaches itself', async () => {
        const probes = (['TCP', 'UDP'] as const).map((protocol) =>
          gridProbe(host(state), 80, protocol, ctx.timeouts.policyConnectMs),
        );
        const closed = (await podA(state).agent.probe(probes)).find((result) => result.verdict !== 'open');
        return closed === undefined ? undefined : `x/a -> itself: ${closed.verdict} ${closed.error ?? ''}`;
      });
    },
  });
}

/** Without proof that the policy holds, an open hairpin would say nothing. */
async function untilEnforced(ctx: CaseContext, state: GridState): Promise<void> {
  const target = state.pods.find((pod) => pod.namespaceKey === 'y' && pod.name === 'b');
  const allowsAll = state.policies.has('x/all');
  if (allowsAll) return;
  expect(target, 'y/b exists').not.to.equal(undefined);
  await ctx.settle('y/b is no longer admitted to x/a', async () => {
    const probe = gridProbe(ownPod(state), 80, 'TCP', ctx.timeouts.policyConnectMs);
    const [result] = (await target?.agent.probe([probe])) ?? [];
    return result?.verdict === 'dropped' ? undefined : `y/b -> x/a: ${result?.verdict ?? 'no answer'}`;
  });
}

export const cases = hairpins.map(hairpinCase);
