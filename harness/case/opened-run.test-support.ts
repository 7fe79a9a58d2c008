import type { AgentPodSpec } from '../probe/agent-pod-spec.ts';
import { fakeKube } from '../cluster/fake-kube.test-support.ts';
import type { Cluster } from '../cluster/types.ts';
import { describeRef } from '../kube/errors.ts';
import type { Kube, KubeObject } from '../kube/types.ts';
import { refOf } from '../kube/verbs.ts';
import type { Agent } from '../probe/agent-types.ts';
import { PodNetworkError } from '../base/errors.ts';
import { Timeouts } from '../base/timeouts.ts';
import { defineCase } from './define-case.ts';
import type { CaseDefinition } from './types.ts';
import type { Concurrency } from './concurrency.ts';
import type { FixtureUser } from './run-fixtures.ts';
import { openRunResources } from './run-resources.ts';
import { anyDisruption, type Consent } from './touches.ts';

/** A cluster that remembers which namespaces and policies are there; its agents answer nothing. */
function fakeCluster(names: readonly string[]) {
  const there = new Set<string>();
  const policies = new Map<string, KubeObject>();
  const objects: KubeObject[] = [];
  const changed: string[] = [];
  const kube: Kube = {
    ...fakeKube([]),
    apply: <T extends KubeObject>(object: T) => {
      if (object.kind === 'Namespace') {
        const name = object.metadata.name ?? '';
        there.add(name);
        object.metadata.labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': name };
      }
      if (object.kind === 'NetworkPolicy') policies.set(object.metadata.name ?? '', object);
      objects.push(object);
      return Promise.resolve(object);
    },
    get: (ref) => fakeKube(objects).get(ref),
    list: (query) => fakeKube([...policies.values(), ...objects.filter(({ kind }) => kind === 'Pod')]).list(query),
    until: () => Promise.resolve(undefined),
    patch: (ref, patch) => {
      const { labels } = (patch as { metadata: { labels: Record<string, string | null> } }).metadata;
      const stored = objects.find((one) => describeRef(refOf(one)) === describeRef(ref));
      const now = Object.entries({ ...stored?.metadata.labels, ...labels }).flatMap(([label, value]) =>
        value === null ? [] : [[label, value] as const],
      );
      if (stored !== undefined) stored.metadata.labels = Object.fromEntries(now);
      changed.push(`${ref.kind} ${ref.name}`);
      return Promise.resolve({ apiVersion: 'v1', kind: ref.kind, metadata: {} });
    },
    remove: ({ kind, name }) => {
      if (kind === 'Namespace') there.delete(name);
      if (kind === 'NetworkPolicy') {
        policies.delete(name);
        changed.push(`${kind} ${name} removed`);
      }
      return Promise.resolve();
    },
  };
  const nodes = names.map((name) => ({ name, ip: '10.0.0.1', ips: ['10.0.0.1'], role: 'worker', schedulable: true }));
  const cluster = { kube, info: { nodes } } as unknown as Cluster;
  return { there, policies, objects, changed, cluster };
}

const agentOf = ({ name, namespace }: AgentPodSpec) =>
  ({ name, namespace, node: 'one', ip: '10.1.0.1', ips: ['10.1.0.1'] }) as Partial<Agent> as Agent;

interface Opened {
  /** What the cases of the run use; those opened by `open` use the same. */
  readonly cases?: readonly Partial<FixtureUser>[];
  readonly concurrency?: Partial<Concurrency>;
  readonly known?: boolean;
  /** Everything, where it is not said. */
  readonly consent?: Consent;
  readonly hung?: boolean;
  /** The cluster is destroyed after the run. */
  readonly clusterGoes?: boolean;
  /** Of the cluster; one where none are named. */
  readonly nodes?: readonly string[];
  /** Those that give pods no network. */
  readonly broken?: readonly string[];
}

/** Resources over that cluster. `hung`: pods never start; who waits for them gives up when he is told that the run is over. */
export async function openedRun(how: Opened = {}) {
  const { cases = [], concurrency = {}, known = false, hung = false, nodes = ['one'], broken = [] } = how;
  const { cluster, ...seen } = fakeCluster(nodes);
  const over = Promise.withResolvers<never>();
  over.promise.catch(() => undefined);
  const run = () => Promise.resolve();
  const one = defineCase({ id: 'networkpolicy-x', title: 'x', area: 'networkpolicy', touches: 'own', rights: [], run });
  const resources = await openRunResources({
    cluster,
    driver: {
      start: (specs) => {
        for (const { name, namespace, labels } of specs) {
          seen.objects.push({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels: { ...labels } } });
        }
        const cut = specs.find(({ node = '' }) => broken.includes(node))?.node;
        if (cut !== undefined) return Promise.reject(new PodNetworkError(cut, `pods on node ${cut} get no network`));
        return hung ? over.promise : Promise.resolve(specs.map(agentOf));
      },
      adopt: () => Promise.reject(new Error('nothing to adopt')),
      template: () => Promise.reject(new Error('no template')),
    },
    runId: 'r-000001',
    stateDir: '',
    timeouts: Timeouts.parse({}),
    concurrency: { free: 1, leased: new Map(), idleBeside: false, ...concurrency },
    cases: cases.map((more) => ({ ...one, ...more })),
    stopStarting: () => over.reject(new Error('the run is over')),
    knownFailure: () => known,
    deviations: [],
    emit: () => undefined,
    consent: how.consent ?? anyDisruption,
    clusterGoes: how.clusterGoes ?? false,
  });
  const open = (more: Partial<CaseDefinition> = {}) =>
    resources.openContext({ ...one, ...cases[0], ...more }, new AbortController().signal);
  return { ...seen, resources, cluster, open };
}
