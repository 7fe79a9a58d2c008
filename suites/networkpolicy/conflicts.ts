import {
  everything,
  idOf,
  labelled,
  policy,
  singleStep,
  type Direction,
  type Peer,
} from '../../harness/netpol/build.ts';
import { policyCase } from '../../harness/netpol/run.ts';
import type { NamespaceKey, PolicyTemplate } from '../../harness/netpol/types.ts';

/** Ways to let all through or nothing, of which two that meet must add up: policies only ever allow. */
const stances = {
  'deny-all': [],
  'allow-all': [{}],
  'allow-by-pod': [{ peers: [{ namespaceSelector: everything }] }],
  'allow-by-ip': [{ peers: [{ ipBlock: { cidr: '0.0.0.0/0' } }] }],
  'deny-by-pod': [{ peers: [{ namespaceSelector: labelled({ 'this-will-never-happen': 'qrs123' }) }] }],
  'deny-by-ip': [{ peers: [{ ipBlock: { cidr: '192.0.2.0/31' } }] }],
} satisfies Record<string, readonly { peers?: Peer[] }[]>;
type Stance = keyof typeof stances;

const places: Record<'source' | 'destination', readonly [NamespaceKey, string]> = {
  source: ['x', 'b'],
  destination: ['y', 'c'],
};

function stand(place: keyof typeof places, direction: Direction, stance: Stance): PolicyTemplate {
  const [namespace, pod] = places[place];
  return policy(namespace, `${stance}-${direction}`, labelled({ pod }), { [direction]: stances[stance] });
}

const betweenEnds = (egress: Stance, ingress: Stance) => ({
  name: idOf('source', egress, 'destination', ingress),
  title: `Source egress ${egress}, destination ingress ${ingress}`,
  policies: [stand('source', 'egress', egress), stand('destination', 'ingress', ingress)],
});
const onOnePod = (direction: Direction, ...chosen: Stance[]) => ({
  name: idOf(direction, ...chosen),
  title: `One pod's ${direction}: ${chosen.join(' and ')}`,
  policies: chosen.map((stance) => stand(direction === 'egress' ? 'source' : 'destination', direction, stance)),
});
const eachDirection = (direction: Direction) => [
  onOnePod(direction, 'deny-all', 'allow-all'),
  onOnePod(direction, 'deny-all', 'allow-by-pod'),
  onOnePod(direction, 'deny-all', 'allow-by-ip'),
  onOnePod(direction, 'deny-by-ip', 'allow-by-pod'),
  onOnePod(direction, 'deny-by-pod', 'allow-by-ip'),
  onOnePod(direction, 'deny-by-ip'),
  onOnePod(direction, 'deny-by-pod'),
];

/** Policies add up: on one pod, and at both ends of a connection. The others say the same in other words. */
const core = new Set([
  ...['egress-deny-all-allow-by-pod', 'ingress-deny-all-allow-by-pod'],
  ...['source-deny-all-destination-allow-all', 'source-allow-all-destination-deny-all'],
]);

/** 2 between the ends of a connection + 2 x 7 on one pod = 16. */
export const cases = [
  betweenEnds('deny-all', 'allow-all'),
  betweenEnds('allow-all', 'deny-all'),
  ...eachDirection('egress'),
  ...eachDirection('ingress'),
].map(({ name, title, policies }) =>
  policyCase(
    singleStep(idOf('conflict', name), title, ['conflict', 'policy-stack'], policies, {
      tier: core.has(name) ? 'core' : 'extended',
    }),
  ),
);
