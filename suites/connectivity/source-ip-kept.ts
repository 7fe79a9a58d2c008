import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { defineCase } from '../../harness/case/define-case.ts';
import { pairs } from './support/addresses.ts';
import { open } from '../../harness/table/checks.ts';
import { fleetPorts, reach, transports } from '../../harness/table/probes.ts';
import { fleet } from '../../harness/workload/fleet.ts';

export const testCase = defineCase({
  id: 'connectivity-source-ip-kept',
  area: 'connectivity',
  touches: 'own',
  rights: [],
  uses: [fleet],
  title: 'A pod sees the address of the pod that talks to it: no NAT between pods of any two nodes',
  tags: ['pod-to-pod', 'source-ip', 'no-snat'],
  source: 'e2e: NoSNAT should be able to send traffic between Pods without SNAT',
  async run(ctx) {
    const ports = fleetPorts(ctx.use(fleet));
    const checks = pairs(ctx.use(fleet).agents, () => true).flatMap(([from, to]) =>
      transports.map((kind) => ({
        from,
        probe: reach(ctx, kind, to.ip, ports[kind]),
        want: { ...open(to.name), peers: from.ips },
      })),
    );
    await settleAndExpect(ctx, 'pods see the source pod', checks);
  },
});
