import { beyondOwn } from '../case/touches.ts';
import type { FixtureTools, RunFixture } from '../case/fixture.ts';
import { fleetHosts, fleetPods, standingFleet, type StandingFleet } from '../probe/standing-fleet.ts';
import type { Agent } from '../probe/agent-types.ts';

/** A hostNetwork agent on each node. */
export const hostAgents: RunFixture<readonly Agent[]> = {
  name: 'host agents',
  scope: 'run',
  touches: beyondOwn('node', 'host-ports', 'pods in the network of every node, at its ports 18080 and 18090'),
  rights: [],
  pods: (nodes) => fleetHosts(nodes, '').length,
  open: async (run) => {
    const namespace = await podNamespace(run, 'hosts', 'privileged');
    return { value: await run.agents(fleetHosts(run.cluster.info.nodes, namespace)) };
  },
};

/**
 * Standing read-only fleet: two agents on each schedulable node, beside the hostNetwork agent of each node where those are
 * allowed. A case that cannot do without them names `hostAgents` beside it.
 */
export const fleet: RunFixture<StandingFleet> = {
  name: 'fleet',
  scope: 'run',
  touches: 'own',
  rights: [],
  pods: (nodes) => fleetPods(nodes, '').length,
  open: async (run) => {
    const startPods = async () => {
      const namespace = await podNamespace(run, 'fleet', 'restricted');
      return run.agents(fleetPods(run.cluster.info.nodes, namespace));
    };
    const [agents, hosts] = await Promise.all([startPods(), run.useIfAllowed(hostAgents)]);
    return { value: standingFleet(agents, hosts ?? []) };
  },
};

function podNamespace(run: FixtureTools, name: string, level: 'restricted' | 'privileged'): Promise<string> {
  return run.namespace(name, { 'pod-security.kubernetes.io/enforce': level });
}
