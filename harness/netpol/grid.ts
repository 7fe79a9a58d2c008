import { ownedLabels } from '../kube/objects.ts';
import type { Kube, KubeObject, ObjectRef } from '../kube/types.ts';
import type { Timeouts } from '../base/timeouts.ts';
import type { FleetDriver } from '../probe/fleet-driver.ts';
import { type GridCell, gridNamespaces, gridPorts, labelsAsMade, podPorts } from './grid-layout.ts';
import type { ReusableGrid } from './grid-pool.ts';
import { type Leftovers, readLeftovers, leftoversAfter, proveOpen, towardsMade } from './grid-reset.ts';
import type { Namespaces } from '../case/namespaces.ts';
import { newHistory, type Grid, type GridPod } from './grid-types.ts';

export interface GridDependencies {
  readonly kube: Kube;
  readonly driver: FleetDriver;
  readonly namespaces: Namespaces;
  readonly runId: string;
  readonly timeouts: Timeouts;
}

/** Builds one grid: three namespaces, the pods of `cells`, a Service each; returns it once every pod answers. */
export async function buildGrid(deps: GridDependencies, cells: readonly GridCell[]): Promise<ReusableGrid> {
  const made = gridNamespaces.map(async (ns) => {
    return [ns, await deps.namespaces.create(`grid-${ns}`, undefined, labelsAsMade(ns))] as const;
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
  const [agents, services] = await Promise.all([deps.driver.start(specs), createServices(deps, places)]);
  const pods = places.map(({ ns, pod }, index): GridPod => {
    const agent = agents[index];
    const service = services[index];
    if (agent === undefined || service === undefined) throw new Error(`grid pod ${ns}/${pod} did not start`);
    return { key: `${ns}/${pod}`, namespaceKey: ns, podKey: pod, agent, ...service };
  });
  return reusable(deps, { namespaces: names, pods, ports: gridPorts, history: newHistory() });
}

/**
 * Policies of a holder stay in force until the next one has applied its own, or somebody asks for an open grid; so do
 * labels, which some CNIs take half a minute to read. Policies go before labels are put back: they may then mean what
 * the next case wants, which would agree without its own.
 */
function reusable(
  deps: GridDependencies,
  world: Omit<Grid, 'deletePolicies' | 'labels' | 'resetLabels'>,
): ReusableGrid {
  let left: Leftovers = { policies: [], labels: new Map() };
  const deletePolicies = async (keep: ReadonlySet<string> = new Set()) => {
    const isKept = ({ namespace = '', name }: ObjectRef) => keep.has(`${namespace}/${name}`);
    const unwanted = left.policies.filter((policy) => !isKept(policy));
    await Promise.all(unwanted.map((ref) => deps.kube.remove(ref)));
    left = { ...left, policies: left.policies.filter(isKept) };
  };
  const resetLabels = async () => {
    await deletePolicies();
    await Promise.all(towardsMade(grid).map(([ref, patch]) => deps.kube.patch(ref, patch)));
    left = { ...left, labels: new Map() };
  };
  const grid: Grid = {
    ...world,
    deletePolicies,
    resetLabels,
    labels: (key) => left.labels.get(key) ?? labelsAsMade(key),
  };
  return {
    grid,
    note: async (changes) => {
      left = await leftoversAfter(left, changes, grid, deps.kube);
    },
    restore: async () => {
      left = await readLeftovers(grid, deps.kube);
      await resetLabels();
      await proveOpen(grid, deps.timeouts);
    },
  };
}

async function createServices(deps: GridDependencies, places: readonly (GridCell & { namespace: string })[]) {
  return Promise.all(
    places.map(async ({ ns, pod, namespace }) => {
      const stored = await deps.kube.apply(serviceOf(deps.runId, ns, pod, namespace));
      const spec = stored['spec'] as { clusterIP?: string } | undefined;
      return { serviceName: `s-${pod}.${namespace}`, serviceIp: spec?.clusterIP ?? '' };
    }),
  );
}

function serviceOf(runId: string, ns: string, pod: string, namespace: string): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: `s-${pod}`, namespace, labels: ownedLabels(runId) },
    spec: {
      selector: { 'ordeal.dev/grid-pod': `${ns}-${pod}` },
      ports: gridPorts.map(({ port, protocol, name }) => ({ port, protocol, name })),
    },
  };
}
