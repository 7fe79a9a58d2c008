import { removable } from '../../harness/netpol/grid-layout.ts';
import { actionCase, isolate } from '../../harness/netpol/base.ts';
import { apply, inSteps, labelled, type Peer, policy, step } from '../../harness/netpol/build.ts';
import { policyCase } from '../../harness/netpol/run.ts';
import type { PolicyCase } from '../../harness/netpol/types.ts';

const admit = (...peers: Peer[]) => policy('x', 'admit', labelled({ pod: 'a' }), { ingress: [{ peers }] });

const withoutRemovable = Object.fromEntries(Object.keys(removable).map((label) => [label, null]));

const back = (what: string, title: string, tag: string, steps: PolicyCase['steps']) =>
  inSteps(`relabel-back-${what}`, title, ['relabel-back', tag], steps, { tier: 'extended' });

/** Labels come and go in one step on two objects: a CNI that sits on labels for half a minute does so once. */
const onTwoObjects = [
  actionCase(
    'namespace-relabel',
    'A namespace is labelled into a peer, and another out of one',
    ['set-namespace-labels'],
    [
      step(
        'policy created',
        apply(
          admit(
            { namespaceSelector: labelled({ 'new-ns': 'qrs' }) },
            { namespaceSelector: labelled({ ns: 'z', ...removable }) },
          ),
        ),
      ),
      step(
        'y labelled, label of z removed',
        { do: 'label-namespace', namespace: 'y', labels: { 'new-ns': 'qrs' } },
        { do: 'label-namespace', namespace: 'z', labels: withoutRemovable },
      ),
    ],
  ),
  actionCase(
    'pod-relabel-peer',
    'A pod is labelled into a peer, and another out of one',
    ['set-pod-labels'],
    [
      step(
        'policy created',
        apply(
          admit(
            { namespaceSelector: labelled({ ns: 'y' }), podSelector: labelled({ 'new-label': 'abc' }) },
            { namespaceSelector: labelled({ ns: 'z' }), podSelector: labelled(removable) },
          ),
        ),
      ),
      step(
        'y/a labelled, label of z/a removed',
        { do: 'label-pod', namespace: 'y', pod: 'a', labels: { 'new-label': 'abc' } },
        { do: 'label-pod', namespace: 'z', pod: 'a', labels: withoutRemovable },
      ),
    ],
  ),
  actionCase(
    'pod-relabel-target',
    'A pod is labelled into isolation, and another out of it',
    ['set-pod-labels', 'target'],
    [
      step(
        'policies select x/b alone',
        apply(isolate('isolate', labelled({ isolated: 'yes' }))),
        apply(isolate('isolate-b', labelled({ pod: 'b', ...removable }))),
      ),
      step(
        'x/a labelled, label of x/b removed',
        { do: 'label-pod', namespace: 'x', pod: 'a', labels: { isolated: 'yes' } },
        { do: 'label-pod', namespace: 'x', pod: 'b', labels: withoutRemovable },
      ),
    ],
  ),
];

/** On the same object: what a CNI derives from a label (an identity, a set) has been there before. */
const andBack = [
  back('pod', 'A pod is labelled into isolation and, without the label, is what it was before', 'set-pod-labels', [
    step('nobody isolated', apply(isolate('isolate', labelled({ briefly: 'isolated' })))),
    step('label set', { do: 'label-pod', namespace: 'x', pod: 'a', labels: { briefly: 'isolated' } }),
    step('label removed', { do: 'label-pod', namespace: 'x', pod: 'a', labels: { briefly: null } }),
  ]),
  back('namespace', 'A namespace is labelled into a peer and out again', 'set-namespace-labels', [
    step('nobody admitted', apply(admit({ namespaceSelector: labelled({ briefly: 'admitted' }) }))),
    step('label set', { do: 'label-namespace', namespace: 'y', labels: { briefly: 'admitted' } }),
    step('label removed', { do: 'label-namespace', namespace: 'y', labels: { briefly: null } }),
  ]),
];

/**
 * Labels that come and go under a policy, for each case one of its own: what another has left behind need not be put back
 * first.
 */
export const cases = [...onTwoObjects, ...andBack].map(policyCase);
