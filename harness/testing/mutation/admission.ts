import { settle } from '../../base/settle.ts';
import { networkPolicy } from '../../kube/objects.ts';
import { refOf } from '../../kube/verbs.ts';
import type { KubeObject } from '../../kube/types.ts';
import { objects } from './objects.ts';
import type { Bed, Change } from './types.ts';

const group = 'admissionregistration.k8s.io/v1';

/** What an admission policy acts on. */
export interface Admission {
  readonly name: string;
  readonly apiGroup: string;
  readonly apiVersion: string;
  readonly resource: string;
  /** CEL, each a list of JSONPatch (KEP-3962). */
  readonly patches: readonly string[];
}

/** Returns the two objects that make the API server store something else than it was sent. */
export function admission({ name, apiGroup, apiVersion, resource, patches }: Admission): KubeObject[] {
  const rule = {
    ...{ apiGroups: [apiGroup], apiVersions: [apiVersion], resources: [resource] },
    operations: ['CREATE', 'UPDATE'],
  };
  const policy = {
    ...{ apiVersion: group, kind: 'MutatingAdmissionPolicy', metadata: { name } },
    spec: {
      matchConstraints: { resourceRules: [rule] },
      failurePolicy: 'Fail',
      reinvocationPolicy: 'Never',
      mutations: patches.map((expression) => ({ patchType: 'JSONPatch', jsonPatch: { expression } })),
    },
  };
  const binding = { apiVersion: group, kind: 'MutatingAdmissionPolicyBinding', metadata: { name } };
  return [policy, { ...binding, spec: { policyName: name } }];
}

/** Returns NetworkPolicies being stored otherwise than written, in force once a policy of our own comes back changed. */
export function policiesAdmitted(bed: Bed, patches: readonly string[]): Change {
  const spec = { apiGroup: 'networking.k8s.io', apiVersion: 'v1', resource: 'networkpolicies', patches };
  const made = objects(
    bed,
    'NetworkPolicies stored otherwise',
    admission({ name: 'ordeal-mutation-policies', ...spec }),
  );
  return {
    ...made,
    async apply() {
      await made.apply();
      await settle({
        ...{ what: 'the admission policy acts', sample: () => storedAsSent(bed) },
        ...{ consecutive: 1, timeoutMs: 30_000, pollMs: 500 },
      });
    },
  };
}

const name = 'ordeal-mutation-probe';
const block = { ipBlock: { cidr: '198.51.100.0/24', except: ['198.51.100.1/32'] } };
/** It selects no pod; each admission policy of ours finds something in it to change. */
const probe = networkPolicy('default', name, {
  podSelector: { matchLabels: { 'ordeal.dev/mutation': 'nobody' } },
  policyTypes: ['Ingress', 'Egress'],
  ingress: [{ from: [block] }],
  egress: [{ to: [block] }],
});

async function storedAsSent({ kube }: Bed): Promise<string | undefined> {
  const stored = await kube.create(probe);
  await kube.remove(refOf(probe), { awaitGone: true });
  return JSON.stringify(stored.spec) === JSON.stringify(probe.spec) ? 'stored as it was sent' : undefined;
}

const isolates = (type: string) => `object.spec.?policyTypes.orValue([]).exists(type, type == '${type}')`;

/** Returns a patch that adds a rule to every policy that isolates in this direction. */
export function ruleAdded(direction: 'ingress' | 'egress', rule: string): string {
  const add = (path: string, value: string) => `[JSONPatch{op: 'add', path: '${path}', value: ${value}}]`;
  const path = `/spec/${direction}`;
  const some = `has(object.spec.${direction}) ? ${add(`${path}/-`, rule)} : ${add(path, `[${rule}]`)}`;
  return `${isolates(direction === 'ingress' ? 'Ingress' : 'Egress')} ? (${some}) : []`;
}

const firstFew = [0, 1, 2];

/** Returns patches that take the exceptions out of the blocks of the first few rules and peers. */
export function exceptionsRemoved(): string[] {
  return (['ingress', 'egress'] as const).flatMap((direction) => {
    const peers = direction === 'ingress' ? 'from' : 'to';
    return firstFew.flatMap((rule) => firstFew.map((peer) => exceptionRemoved({ direction, peers, rule, peer })));
  });
}

interface Peer {
  readonly direction: string;
  readonly peers: string;
  readonly rule: number;
  readonly peer: number;
}

function exceptionRemoved({ direction, peers, rule, peer }: Peer): string {
  const rules = `object.spec.${direction}`;
  const list = `${rules}[${rule}].${peers}`;
  const one = `${list}[${peer}]`;
  const there = [
    `has(${rules}) && size(${rules}) > ${rule}`,
    `has(${list}) && size(${list}) > ${peer}`,
    `has(${one}.ipBlock) && has(${one}.ipBlock.except)`,
  ].join(' && ');
  return `${there} ? [JSONPatch{op: 'remove', path: '/spec/${direction}/${rule}/${peers}/${peer}/ipBlock/except'}] : []`;
}
