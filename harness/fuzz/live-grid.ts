import type { Protocol } from '../kube/network-policy.ts';
import { buildGrid } from '../netpol/grid.ts';
import { wholeGridCells } from '../netpol/grid-layout.ts';
import { FixtureScope } from '../case/fixture-scope.ts';
import { Namespaces } from '../case/namespaces.ts';
import type { Grid } from '../netpol/grid-types.ts';
import { listNodes, nodeInfo } from '../kube/nodes.ts';
import type { Kube } from '../kube/types.ts';
import type { ClusterModel, PodModel } from '../oracle/model-types.ts';
import type { FleetAgent } from '../probe/client.ts';
import { adopt, agentPodTemplate, startAgents } from '../probe/fleet.ts';
import type { Timeouts } from '../base/timeouts.ts';
import { measureOn, type MeasuredGrid } from './live-measure.ts';
import type { Measure } from './types.ts';

export interface LiveGridOptions {
  readonly kube: Kube;
  readonly agentImage: string;
  readonly runId: string;
  readonly timeouts: Timeouts;
  readonly signal: AbortSignal;
}

/** A grid on a cluster, seen by the names x, y, z and a, b, c, and how to measure policies on it. */
export interface LiveGrid {
  readonly base: ClusterModel;
  readonly measure: Measure;
  /** Removes the grid's namespaces and waits until they are gone. */
  close(): Promise<void>;
}

/**
 * Starts a 3x3 grid of probe pods in namespaces of its own. @throws OrdealError KUBE_API or AGENT naming what did not
 * start; namespaces made so far are removed first.
 */
export async function openLiveGrid(options: LiveGridOptions): Promise<LiveGrid> {
  const { kube, runId, timeouts, signal } = options;
  const fleet = { kube, agentImage: options.agentImage, runId, timeouts, signal };
  const namespaces = new Namespaces(kube, runId, timeouts);
  const started: FleetAgent[] = [];
  const close = async () => {
    for (const agent of started) agent.close();
    await scope.close();
    await namespaces.drained();
  };
  const driver = {
    start: async (specs: Parameters<typeof startAgents>[1]) => {
      const agents = await startAgents(fleet, specs);
      started.push(...agents);
      return agents;
    },
    adopt: (pod: Parameters<typeof adopt>[1]) => adopt(fleet, pod),
    template: (spec: Parameters<typeof agentPodTemplate>[1]) => agentPodTemplate(fleet, spec),
  };
  const scope = new FixtureScope({ kube, driver, namespaces, runId, timeouts });
  try {
    const { value: grid } = await buildGrid(scope, wholeGridCells, (await listNodes(kube)).map(nodeInfo));
    const base = worldOfGrid(grid);
    return { base, measure: measureOn(gridNames(grid), options), close };
  } catch (error) {
    await close().catch(() => undefined);
    throw error;
  }
}

function gridNames(grid: Grid): MeasuredGrid {
  return { namespaces: grid.namespaces, agents: new Map(grid.pods.map(({ key, agent }) => [key, agent])) };
}

function worldOfGrid(grid: Grid): ClusterModel {
  const ports = grid.ports.map(({ port, protocol, name }) => ({ port, protocol: transport(protocol), name }));
  const pods = grid.pods.map(({ namespaceKey, podKey, agent }): PodModel => {
    const place = { namespace: namespaceKey, name: podKey, node: agent.node, ips: agent.ips };
    return { ...place, labels: { pod: podKey }, containerPorts: ports, serving: ports };
  });
  const services = grid.pods.map(({ namespaceKey, podKey, serviceIp }) => ({
    namespace: namespaceKey,
    name: `s-${podKey}`,
    clusterIPs: [serviceIp],
    ports,
    endpoints: [{ pod: podKey, ready: true }],
  }));
  const namespaces = [...grid.namespaces.keys()].map((name) => ({ name, labels: { ns: name } }));
  return { namespaces, pods, nodes: [], services, networkPolicies: [] };
}

function transport(protocol: string): Protocol {
  return protocol === 'UDP' || protocol === 'SCTP' ? protocol : 'TCP';
}
