import fc from 'fast-check';
import { narrower } from '../base/cidr.ts';
import type {
  LabelSelector,
  NetworkPolicy,
  NetworkPolicyPeer,
  NetworkPolicyPort,
  Protocol,
} from '../kube/network-policy.ts';

/** Words generated policies are made of: small on purpose, so that selectors and ports often meet something. */
export interface Vocabulary {
  readonly namespaces: readonly string[];
  /** label key -> values that occur, and some that do not */
  readonly namespaceLabels: Readonly<Record<string, readonly string[]>>;
  readonly podLabels: Readonly<Record<string, readonly string[]>>;
  readonly ports: readonly number[];
  readonly portNames: readonly string[];
  readonly protocols: readonly Protocol[];
  readonly cidrs: readonly string[];
  /** False: no policy has rules for a direction its policyTypes leave out. */
  readonly unlistedSections?: boolean;
}

const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const;
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const few = <T>(arbitrary: fc.Arbitrary<T>, maxLength = 2) => fc.array(arbitrary, { maxLength });

/** Returns selectors over these labels: empty, matchLabels, matchExpressions with every operator, or both. */
export function labelSelector(labels: Readonly<Record<string, readonly string[]>>): fc.Arbitrary<LabelSelector> {
  const key = fc.constantFrom(...Object.keys(labels));
  const pair = key.chain((name) => fc.tuple(fc.constant(name), fc.constantFrom(...(labels[name] ?? []))));
  const matchLabels = fc.array(pair, { minLength: 1, maxLength: 2 }).map((pairs) => Object.fromEntries(pairs));
  const expression = fc.tuple(pair, pair, fc.constantFrom(...operators)).map(([[name, one], [, other], operator]) => {
    const valued = operator === 'In' || operator === 'NotIn';
    return valued ? { key: name, operator, values: [...new Set([one, other])] } : { key: name, operator };
  });
  const matchExpressions = fc.array(expression, { minLength: 1, maxLength: 2 });
  return fc.oneof(
    fc.constant({}),
    fc.record({ matchLabels }),
    fc.record({ matchExpressions }),
    fc.record({ matchLabels, matchExpressions }),
  );
}

/** Returns NetworkPolicy peers: the three selector shapes and ipBlock with and without exceptions. */
export function networkPolicyPeer(words: Vocabulary): fc.Arbitrary<NetworkPolicyPeer> {
  const podSelector = labelSelector(words.podLabels);
  const namespaceSelector = labelSelector(words.namespaceLabels);
  const shapes: fc.Arbitrary<NetworkPolicyPeer>[] = [
    fc.record({ podSelector }),
    fc.record({ namespaceSelector }),
    fc.record({ podSelector, namespaceSelector }),
  ];
  if (words.cidrs.length > 0) shapes.push(ipBlock(words.cidrs));
  return fc.oneof(...shapes);
}

function ipBlock(cidrs: readonly string[]): fc.Arbitrary<NetworkPolicyPeer> {
  const plain = fc.constantFrom(...cidrs).map((cidr) => ({ ipBlock: { cidr } }));
  // The API server refuses exceptions that are not strictly inside the block.
  const wide = cidrs.flatMap((cidr) => {
    const inside = cidrs.filter((it) => narrower(it, cidr));
    return inside.length === 0 ? [] : [{ cidr, inside }];
  });
  if (wide.length === 0) return plain;
  const excepting = fc.constantFrom(...wide).chain(({ cidr, inside }) => {
    const except = fc.uniqueArray(fc.constantFrom(...inside), { minLength: 1, maxLength: 2 });
    return except.map((it) => ({ ipBlock: { cidr, except: it } }));
  });
  return fc.oneof(plain, excepting);
}

/** Returns port matches: protocol only, number, range, name; protocol present or defaulted. */
export function networkPolicyPort(words: Vocabulary): fc.Arbitrary<NetworkPolicyPort> {
  const protocol = maybe(fc.constantFrom(...words.protocols));
  const number = fc.constantFrom(...words.ports);
  const range = fc.tuple(number, fc.nat(2)).map(([port, more]) => ({ port, endPort: port + more }));
  const shapes: fc.Arbitrary<NetworkPolicyPort>[] = [
    fc.record({ protocol }),
    fc.record({ protocol, port: number }),
    fc.tuple(protocol, range).map(([it, ports]) => ({ protocol: it, ...ports })),
  ];
  if (words.portNames.length > 0) shapes.push(fc.record({ protocol, port: fc.constantFrom(...words.portNames) }));
  return fc.oneof(...shapes);
}

/** Returns NetworkPolicies with every mix of missing, empty and filled fields; names are given by the caller. */
export function networkPolicy(words: Vocabulary): fc.Arbitrary<NetworkPolicy> {
  const peers = maybe(few(networkPolicyPeer(words)));
  const ports = maybe(few(networkPolicyPort(words)));
  const spec = fc.record({
    podSelector: labelSelector(words.podLabels),
    policyTypes: maybe(fc.subarray<'Ingress' | 'Egress'>(['Ingress', 'Egress'])),
    ingress: maybe(few(fc.record({ from: peers, ports }))),
    egress: maybe(few(fc.record({ to: peers, ports }))),
  });
  return fc.tuple(fc.constantFrom(...words.namespaces), spec).map(([namespace, it]) => ({
    apiVersion: 'networking.k8s.io/v1' as const,
    kind: 'NetworkPolicy' as const,
    metadata: { namespace, name: 'unnamed' },
    spec: words.unlistedSections === false ? listedOnly(it) : it,
  }));
}

function listedOnly(spec: NetworkPolicy['spec']): NetworkPolicy['spec'] {
  const { policyTypes, ingress, egress } = spec;
  // An empty list is defaulted like a missing one.
  if (policyTypes === undefined || policyTypes.length === 0) return spec;
  return {
    ...spec,
    ingress: policyTypes.includes('Ingress') ? ingress : undefined,
    egress: policyTypes.includes('Egress') ? egress : undefined,
  };
}

/** Returns between `minLength` and `maxLength` policies named p1, p2 ... so that no two collide. */
export function networkPolicies(words: Vocabulary, maxLength: number, minLength = 0): fc.Arbitrary<NetworkPolicy[]> {
  const list = fc.array(networkPolicy(words), { maxLength, minLength });
  return list.map((policies) =>
    policies.map((it, at) => ({ ...it, metadata: { ...it.metadata, name: `p${at + 1}` } })),
  );
}
