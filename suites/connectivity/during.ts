import type { AreaTable } from '../../harness/during/types.ts';
import { lookAtChecks } from '../../harness/during/seen-checks.ts';
import { open } from '../../harness/table/checks.ts';
import { fleetPorts, reach, transports } from '../../harness/table/probes.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { pairs } from './support/addresses.ts';

export const duringTable: AreaTable = {
  area: 'connectivity',
  claim: 'pods that it does not touch go on reaching each other, and all do once it is gone',
  needs: [],
  uses: [fleet],
  rights: [],
  source: 'https://kubernetes.io/docs/concepts/services-networking/#the-kubernetes-network-model',
  open(ctx) {
    const standing = ctx.use(fleet);
    const ports = fleetPorts(standing);
    const checks = pairs(standing.agents, () => true).flatMap(([from, to]) =>
      transports.map((kind) => ({
        from,
        probe: reach(ctx, kind, to.ip, ports[kind]),
        want: open(to.name),
        ends: [to],
      })),
    );
    const [client] = standing.agents;
    const others = standing.agents.filter((one) => one !== client);
    const away = others.find(({ node }) => node !== client?.node);
    const targets = [others.find(({ node }) => node === client?.node), away].flatMap((one) => one ?? []);
    return Promise.resolve({
      victim: away ?? others[0],
      lanes: targets.map((to) => ({
        ...{ from: client ?? to, probe: reach(ctx, 'tcp', to.ip, ports.tcp), denied: false },
        ...{ expect: { responders: [to.name] }, ends: [client ?? to, to], servers: [to], ownPort: ports.tcp },
      })),
      look: () => lookAtChecks(checks),
    });
  },
};
