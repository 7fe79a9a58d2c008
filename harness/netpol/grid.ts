import type { Kube, KubeObject, ObjectRef } from '../kube/types.ts';
import type { FixtureTools, OpenFixture } from '../case/fixture.ts';
import { type GridCell, gridNamespaces, gridPorts, labelsAsMade, podPorts } from './grid-layout.ts';
import { type Leftovers, readLeftovers, leftoversAfter, proveOpen, towardsMade } from './grid-reset.ts';
import { newHistory, type Grid, type GridPod } from './grid-types.ts';

/** Builds one grid: three namespaces, the pods of `cells`, a Service each; returns it once every pod answers. */
export async function buildGrid(tools: FixtureTools, cells: readonly GridCell[]): Promise<OpenFixture<Grid>> {
  const made = gridNamespaces.map(async (ns) => {
    return [ns, await tools.namespace(`grid-${ns}`, labelsAsMade(ns))] as const;
  });
  const names = new Map<string, string>(await Promise.all(made));
  const places = cells.map(({ ns, pod }) => ({ ns, pod, namespace: names.get(ns) ?? '' }));
  const specs = places.map(({ namespace, ns, pod }) => ({
    name: pod,
    namespace,
    labels: labelsAsMade(`${ns}/${pod}`),
    steady: true,
    ports: podPorts,
  }));
  const [agents, services] = await Promise.all([tools.agents(specs), createServices(tools.kube, places)]);
  const pods = places.map(({ ns, pod }, index): GridPod => {
    const agent = agents[index];
    const service = services[index];
    if (agent === undefined || service === undefined) throw new Error(`grid pod ${ns}/${pod} did not start`);
    return { key: `${ns}/${pod}`, namespaceKey: ns, podKey: pod, agent, ...service };
  });
  return reusable(tools, { namespaces: names, pods, ports: gridPorts, history: newHistory() });
}

/**
 * Policies of a holder stay in force until the next one has applied its own, or somebody asks for an open grid; so do
 * labels, which some CNIs take half a minute to read. Policies go before labels are put back: they may then mean what
 * the next case wants, which would agree without its own. Nobody proves a grid open after a case that passed: half of all
 * probes were spent on what the next case proves.
 */
function reusable(
  { kube, timeouts }: FixtureTools,
  world: Omit<Grid, 'deletePolicies' | 'labels' | 'resetLabels'>,
): OpenFixture<Grid> {
  let left: Leftovers = { policies: [], labels: new Map() };
  const deletePolicies = async (keep: ReadonlySet<string> = new Set()) => {
    const isKept = ({ namespace = '', name }: ObjectRef) => keep.has(`${namespace}/${name}`);
    const unwanted = left.policies.filter((policy) => !isKept(policy));
    await Promise.all(unwanted.map((ref) => kube.remove(ref)));
    left = { ...left, policies: left.policies.filter(isKept) };
  };
  const resetLabels = async () => {
    await deletePolicies();
    await Promise.all(towardsMade(grid).map(([ref, patch]) => kube.patch(ref, patch)));
    left = { ...left, labels: new Map() };
  };
  const grid: Grid = {
    ...world,
    deletePolicies,
    resetLabels,
    labels: (key) => left.labels.get(key) ?? labelsAsMade(key),
  };
  return {
    value: grid,
    keep: () => deletePolicies(),
    accept: async (changes) => {
      left = await leftoversAfter(left, changes, grid, kube);
    },
    reset: async () => {
      left = await readLeftovers(grid, kube);
      await resetLabels();
      await proveOpen(grid, timeouts);
    },
  };
}

async function createServices(kube: Kube, places: readonly (GridCell & { namespace: string })[]) {
  return Promise.all(
    places.map(async ({ ns, pod, namespace }) => {
      const stored = await kube.apply(serviceOf(ns, pod, namespace));
      const spec = stored['spec'] as { clusterIP?: string } | undefined;
      return { serviceName: `s-${pod}.${namespace}`, serviceIp: spec?.clusterIP ?? '' };
    }),
  );
}

function serviceOf(ns: string, pod: string, namespace: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `s-${pod}`, namespace },
    spec: {
      selector: { 'ordeal.dev/grid-pod': `${ns}-${pod}` },
      ports: gridPorts.map(({ port, protocol, name }) => ({ port, protocol, name })),
    },
  };
}
