import type { NodeInfo } from '../kube/nodes.ts';
import type { Kube, KubeObject, ObjectRef } from '../kube/types.ts';
import type { FixtureTools, OpenFixture } from '../case/fixture.ts';
import { InconclusiveError } from '../base/errors.ts';
import { type GridCell, gridNamespaces, gridPorts, labelsAsMade, podPorts, spreadOver } from './grid-layout.ts';
import { type Leftovers, readLeftovers, leftoversAfter, proveOpen, towardsMade } from './grid-reset.ts';
import { newHistory, type Grid, type GridPod } from './grid-types.ts';

/**
 * Builds one grid: three namespaces, the pods of `cells` spread over the nodes that take pods, a Service each; returns it
 * once every pod answers. @throws InconclusiveError where its pods are on fewer nodes than meant.
 */
export async function buildGrid(
  tools: FixtureTools,
  cells: readonly GridCell[],
  nodes: readonly Pick<NodeInfo, 'name' | 'schedulable'>[],
): Promise<OpenFixture<Grid>> {
  const made = gridNamespaces.map(async (ns) => {
    return [ns, await tools.namespace(`grid-${ns}`, labelsAsMade(ns))] as const;
  });
  const names = new Map<string, string>(await Promise.all(made));
  const places = cells.map(({ ns, pod }) => ({ ns, pod, namespace: names.get(ns) ?? '' }));
  const hosts = nodes.filter(({ schedulable }) => schedulable).map(({ name }) => name);
  const homes = spreadOver(cells, hosts);
  const specs = places.map(({ namespace, ns, pod }, index) => ({
    name: pod,
    ...pinned(homes[index]),
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
  requireSpread(pods, homes);
  return reusable(tools, { namespaces: names, pods, ports: gridPorts, history: newHistory() });
}

const pinned = (node: string | undefined) => (node === undefined ? {} : { node });

/** A grid on one node of several would judge no path between nodes. @throws InconclusiveError */
function requireSpread(pods: readonly GridPod[], homes: readonly (string | undefined)[]): void {
  const wanted = new Set(homes.filter((home) => home !== undefined));
  const seen = new Set(pods.map(({ agent }) => agent.node));
  if (seen.size >= wanted.size) return;
  throw new InconclusiveError(`the grid is on ${[...seen].join(', ')}; wanted on ${[...wanted].join(', ')}`);
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
