import { basePolicy, basePort, baseTarget } from '../../harness/netpol/base.ts';
import {
  directions,
  everything,
  idOf,
  labelled,
  singleStep,
  spec,
  type Direction,
  type Peer,
} from '../../harness/netpol/build.ts';
import { blockAround } from '../../harness/netpol/blocks.ts';
import { policyCase } from '../../harness/netpol/run.ts';
import type { GridFacts, PolicyCase } from '../../harness/netpol/types.ts';

interface PeerVariant {
  readonly name: string;
  readonly title: string;
  readonly tags: readonly string[];
  readonly peer: (facts: GridFacts) => Peer;
}

const podC = labelled({ pod: 'c' });
const nsX = labelled({ ns: 'x' });
const fixed = (peer: Peer) => () => peer;

/** A block around the address of `y/b` that on most layouts holds some pods of the grid and not others. */
function block(facts: GridFacts, bits: number): string {
  return blockAround(facts.ip('y/b'), bits);
}

const variants: readonly PeerVariant[] = [
  {
    name: 'all-pods',
    title: 'all pods of the policy namespace',
    tags: ['all-pods', 'policy-namespace'],
    peer: fixed({ podSelector: everything }),
  },
  {
    name: 'all-pods-ns-label',
    title: 'all pods of namespaces by label',
    tags: ['all-pods', 'namespaces-by-label'],
    peer: fixed({ podSelector: everything, namespaceSelector: nsX }),
  },
  {
    name: 'all-pods-all-ns',
    title: 'all pods of all namespaces',
    tags: ['all-pods', 'all-namespaces'],
    peer: fixed({ podSelector: everything, namespaceSelector: everything }),
  },
  {
    name: 'pod-label',
    title: 'pods by label of the policy namespace',
    tags: ['pods-by-label', 'policy-namespace'],
    peer: fixed({ podSelector: podC }),
  },
  {
    name: 'pod-label-ns-label',
    title: 'pods by label of namespaces by label',
    tags: ['pods-by-label', 'namespaces-by-label'],
    peer: fixed({ podSelector: podC, namespaceSelector: nsX }),
  },
  {
    name: 'pod-label-all-ns',
    title: 'pods by label of all namespaces',
    tags: ['pods-by-label', 'all-namespaces'],
    peer: fixed({ podSelector: podC, namespaceSelector: everything }),
  },
  {
    name: 'ns-label',
    title: 'namespaces by label, no podSelector',
    tags: ['namespaces-by-label'],
    peer: fixed({ namespaceSelector: nsX }),
  },
  {
    name: 'all-ns',
    title: 'all namespaces, no podSelector',
    tags: ['all-namespaces'],
    peer: fixed({ namespaceSelector: everything }),
  },
  {
    name: 'ipblock',
    title: 'an ipBlock',
    tags: ['ip-block'],
    peer: (facts) => ({ ipBlock: { cidr: block(facts, 30) } }),
  },
  {
    name: 'ipblock-except',
    title: 'an ipBlock with except',
    tags: ['ip-block', 'ip-block-with-except'],
    peer: (facts) => ({ ipBlock: { cidr: facts.podRange(), except: [block(facts, 30)] } }),
  },
];

function peerCase(direction: Direction, chosen: readonly PeerVariant[]): PolicyCase {
  const name = idOf('peer', direction, chosen.map((one) => one.name).join('-or-'));
  const title = `An ${direction} rule admits ${chosen.map((one) => one.title).join(' or ')}`;
  const tags = [
    'peers',
    direction,
    ...(chosen.length > 1 ? ['multi-peer', 'combination'] : ['single-peer']),
    ...chosen.flatMap((one) => one.tags),
  ];
  const template = (facts: GridFacts) =>
    spec(baseTarget, { [direction]: [{ peers: chosen.map((one) => one.peer(facts)), ports: [basePort] }] });
  const tier = chosen.length > 1 ? 'extended' : 'core';
  return singleStep(name, title, tags, [{ namespace: 'x', name: 'peers', spec: template }], { tier });
}

function emptyPeers(direction: Direction): PolicyCase {
  const tags = ['peers', direction, 'any-peer'];
  return singleStep(
    idOf('peer', direction, 'empty-list'),
    `An ${direction} rule with an empty peer list admits everyone`,
    tags,
    [basePolicy({ peers: [] }, [direction])],
  );
}

const pairs = variants.flatMap((first, index) => variants.slice(index + 1).map((second) => [first, second] as const));

/** 2 x (1 empty + 10 single + 45 pairs) = 112. */
export const cases = directions
  .flatMap((direction) => [
    emptyPeers(direction),
    ...variants.map((one) => peerCase(direction, [one])),
    ...pairs.map((pair) => peerCase(direction, pair)),
  ])
  .map(policyCase);
