import { basePeer, basePort } from '../../harness/netpol/base.ts';
import {
  among,
  directions,
  everything,
  idOf,
  labelled,
  notAmong,
  policy,
  singleStep,
} from '../../harness/netpol/build.ts';
import { policyCase } from '../../harness/netpol/run.ts';
import type { NamespaceKey, PolicyCase, PolicySpec } from '../../harness/netpol/types.ts';

/** 4: each direction denied or allowed whole for a whole namespace. */
const rules = directions.flatMap((direction) => [
  singleStep(
    idOf('rule-deny-all', direction),
    `Default deny ${direction} for a namespace`,
    ['rules', 'deny-all', direction],
    [policy('x', 'deny-all', everything, { [direction]: [] })],
  ),
  singleStep(
    idOf('rule-allow-all', direction),
    `Allow all ${direction} for a namespace`,
    ['rules', 'allow-all', direction],
    [policy('x', 'allow-all', everything, { [direction]: [{}] })],
  ),
]);

const coreTargets = ['namespace-x', 'empty-selector', 'match-expressions'];

function target(name: string, title: string, namespace: NamespaceKey, selector: PolicySpec['podSelector']): PolicyCase {
  const rule = [{ peers: [basePeer], ports: [basePort] }];
  return singleStep(
    idOf('target', name),
    title,
    ['target'],
    [policy(namespace, 'target', selector, { ingress: rule, egress: rule })],
    { tier: coreTargets.includes(name) ? 'core' : 'extended' },
  );
}

/** 6: which pods a policy applies to. */
const targets = [
  target('namespace-x', 'Policy of namespace x', 'x', labelled({ pod: 'a' })),
  target('namespace-y', 'The same policy of namespace y', 'y', labelled({ pod: 'a' })),
  target('namespace-z', 'The same policy of namespace z', 'z', labelled({ pod: 'a' })),
  target('empty-selector', 'Empty podSelector targets every pod of the namespace', 'x', everything),
  target('match-expressions', 'matchExpressions In selects targets', 'x', among('pod', 'a', 'b')),
  target('match-expressions-not-in', 'matchExpressions NotIn selects targets', 'x', notAmong('pod', 'a')),
];

/** 2: which directions a policy without policyTypes isolates. */
const defaultedTypes = [
  { name: 'empty-egress', title: 'an empty egress list does not isolate egress', egress: [] },
  { name: 'egress-rule', title: 'an egress rule isolates egress', egress: [{ to: [basePeer], ports: [basePort] }] },
].map(({ name, title, egress }) =>
  singleStep(
    idOf('policy-types-defaulted', name),
    `Without policyTypes ${title}, and ingress is isolated`,
    ['policy-types'],
    [{ namespace: 'x', name: 'defaulted', spec: { podSelector: everything, egress } }],
  ),
);

const siblings = { podSelector: everything };
const oneTyped: readonly { unlisted: string; spec: PolicySpec }[] = [
  { unlisted: 'ingress', spec: { policyTypes: ['Egress'], egress: [], ingress: [{ from: [siblings] }] } },
  { unlisted: 'egress', spec: { policyTypes: ['Ingress'], ingress: [], egress: [{ to: [siblings] }] } },
];

/** 2: rules of a direction that policyTypes leave out; fuzzing found a CNI that enforces them. */
const unlistedSections = oneTyped.map(({ unlisted, spec }) =>
  singleStep(
    idOf('policy-types-unlisted', unlisted),
    `Rules of ${unlisted} mean nothing where policyTypes leave ${unlisted} out`,
    ['policy-types'],
    [{ namespace: 'x', name: 'unlisted', spec: { podSelector: everything, ...spec } }],
  ),
);

export const cases = [...rules, ...targets, ...defaultedTypes, ...unlistedSections].map(policyCase);
