import type { AreaTable } from '../../harness/during/types.ts';
import { lookAtChecks } from '../../harness/during/seen-checks.ts';
import { fleetPorts, reach } from '../../harness/table/probes.ts';
import { answeredByFleet } from '../../harness/workload/expected.ts';
import { onePodANode } from '../../harness/probe/standing-fleet.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';
import { serveFleet } from '../../harness/workload/serve.ts';
import {
  everyone,
  fleetNames,
  fleetPortSpecs,
  servicePorts,
  transportChecks,
} from '../../harness/workload/service-traffic.ts';

export const duringTable: AreaTable = {
  area: 'services',
  claim: 'a ClusterIP goes on answering from its backends, and from nobody else',
  needs: [],
  uses: [fleet],
  rights: [serviceRights],
  source: 'https://kubernetes.io/docs/concepts/services-networking/service/#type-clusterip',
  async open(ctx) {
    const { agents } = ctx.use(fleet);
    const service = await serveFleet(ctx, fleetPortSpecs(ctx), {}, '-held');
    const want = answeredByFleet(ctx, service);
    const checks = transportChecks(ctx, everyone(ctx), service.ip, servicePorts, want);
    const probe = reach(ctx, 'tcp', service.ip, servicePorts.tcp);
    const expect = { responders: fleetNames(ctx) };
    const ownPort = fleetPorts(ctx.use(fleet)).tcp;
    return {
      victim: agents.find(({ node }) => node !== agents[0]?.node) ?? agents[0],
      lanes: onePodANode(agents)
        .slice(0, 2)
        .map((from) => ({ from, probe, expect, denied: false, ends: [from, ...agents], servers: agents, ownPort })),
      look: () => lookAtChecks(checks.map((check) => ({ ...check, ends: agents }))),
    };
  },
};
