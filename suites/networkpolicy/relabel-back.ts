import { apply, labelled, policy, step } from '../support/policy/build.ts';
import { policyCase } from '../support/policy/run.ts';
import type { PolicyCase } from '../support/policy/types.ts';

const back = (what: string, title: string, tag: string, steps: PolicyCase['steps']): PolicyCase => ({
  id: `networkpolicy-relabel-back-${what}`,
  title,
  tags: ['relabel-back', tag],
  tier: 'extended',
  steps,
});

/** Labels that come and go on the same object: what a CNI derives from them (an identity, a set) has been there before. */
export const cases = [
  back('pod', 'a pod is labelled into isolation and, without the label, is what it was before', 'set-pod-labels', [
    step('nobody isolated', apply(policy('x', 'isolate', labelled({ target: 'isolated' }), { ingress: [] }))),
    step('label set', { do: 'label-pod', namespace: 'x', pod: 'a', labels: { target: 'isolated' } }),
    step('label removed', { do: 'label-pod', namespace: 'x', pod: 'a', labels: { target: null } }),
  ]),
  back('namespace', 'a namespace is labelled into a peer and out again', 'set-namespace-labels', [
    step(
      'nobody admitted',
      apply(
        policy('x', 'admit', labelled({ pod: 'a' }), {
          ingress: [{ peers: [{ namespaceSelector: labelled({ 'new-ns': 'qrs' }) }] }],
        }),
      ),
    ),
    step('label set', { do: 'label-namespace', namespace: 'y', labels: { 'new-ns': 'qrs' } }),
    step('label removed', { do: 'label-namespace', namespace: 'y', labels: { 'new-ns': null } }),
  ]),
].map(policyCase);
