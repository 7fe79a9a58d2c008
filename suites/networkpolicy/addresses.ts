import {
  directions,
  everything,
  idOf,
  labelled,
  spec,
  step,
  apply,
  policy,
  singleStep,
  notAmong,
  type Direction,
} from '../../harness/netpol/build.ts';
import { blockAround, hostsOfPair } from '../../harness/netpol/blocks.ts';
import { policyCase } from '../../harness/netpol/run.ts';
import type { GridFacts, PolicyCase, PolicySpec } from '../../harness/netpol/types.ts';

const podA = labelled({ pod: 'a' });

function onXa(name: string, title: string, tags: string[], make: (facts: GridFacts) => PolicySpec): PolicyCase {
  const tier = tags.includes('ip-block') ? 'extended' : 'core';
  return singleStep(name, title, tags, [{ namespace: 'x', name: 'addresses', spec: make }], { tier });
}

function blocks(direction: Direction): PolicyCase[] {
  const rule = (cidr: string, except?: string[]) =>
    spec(podA, { [direction]: [{ peers: [{ ipBlock: { cidr, ...(except === undefined ? {} : { except }) } }] }] });
  const tags = ['ip-block', direction];
  return [
    onXa(
      idOf('ipblock', direction, 'one-pod'),
      `An ${direction} block admits exactly one pod by address`,
      tags,
      (facts) => rule(`${facts.ip('y/b')}/32`),
    ),
    onXa(
      idOf('ipblock', direction, 'all-but-one'),
      `An ${direction} block admits all but one pod by except`,
      [...tags, 'ip-block-with-except'],
      (facts) => rule('0.0.0.0/0', [`${facts.ip('y/b')}/32`]),
    ),
    onXa(
      idOf('ipblock', direction, 'except-itself'),
      `An ${direction} block whose except covers it whole admits nobody`,
      [...tags, 'ip-block-with-except'],
      (facts) => rule(blockAround(facts.ip('z/c'), 31), hostsOfPair(facts.ip('z/c'))),
    ),
    onXa(
      idOf('ipblock', direction, 'overlap'),
      `An address in one ${direction} block and in the except of another is admitted`,
      [...tags, 'ip-block-with-except'],
      (facts) =>
        spec(podA, {
          [direction]: [
            { peers: [{ ipBlock: { cidr: '0.0.0.0/0', except: [`${facts.ip('y/b')}/32`] } }] },
            { peers: [{ ipBlock: { cidr: `${facts.ip('y/b')}/32` } }] },
          ],
        }),
    ),
  ];
}

const byDefaultLabel = [
  onXa(
    'namespace-name-match',
    'Namespaces by the default label, matchLabels',
    ['namespaces-by-default-label'],
    (facts) =>
      spec(podA, {
        ingress: [
          { peers: [{ namespaceSelector: labelled({ 'kubernetes.io/metadata.name': facts.namespace('y') }) }] },
        ],
      }),
  ),
  onXa('namespace-name-not-in', 'Namespaces by the default label, NotIn', ['namespaces-by-default-label'], (facts) =>
    spec(podA, {
      ingress: [
        {
          peers: [
            { namespaceSelector: notAmong('kubernetes.io/metadata.name', facts.namespace('y'), facts.namespace('x')) },
          ],
        },
      ],
    }),
  ),
];

const example: PolicyCase = {
  id: 'networkpolicy-example-recipe',
  title: 'Deny all in every namespace, then open one path end to end',
  tags: ['example'],
  tier: 'extended',
  steps: [
    step(
      'all namespaces isolated',
      ...(['x', 'y', 'z'] as const).map((ns) => apply(policy(ns, 'deny-all', everything, { ingress: [], egress: [] }))),
    ),
    step(
      'x/a may speak to y/b',
      apply(
        policy('x', 'out', podA, {
          egress: [{ peers: [{ namespaceSelector: labelled({ ns: 'y' }), podSelector: labelled({ pod: 'b' }) }] }],
        }),
      ),
      apply(
        policy('y', 'in', labelled({ pod: 'b' }), {
          ingress: [{ peers: [{ namespaceSelector: labelled({ ns: 'x' }), podSelector: podA }] }],
        }),
      ),
    ),
  ],
};

export const cases = [...directions.flatMap(blocks), ...byDefaultLabel, example].map(policyCase);
