import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { defineCase, feature } from '../../harness/case/define-case.ts';
import { ipv6Of, pairs } from './support/addresses.ts';
import { open } from '../../harness/table/checks.ts';
import { fleetPorts, reach, transports } from '../../harness/table/probes.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { assertNone } from '../../harness/table/assertions.ts';

export const testCase = defineCase({
  id: 'connectivity-ipv6',
  area: 'connectivity',
  touches: 'own',
  rights: [],
  uses: [fleet],
  tier: 'extended',
  title: 'Every pod reaches every other pod by its IPv6 address',
  tags: ['ipv6', 'pod-to-pod'],
  needs: [feature('IPv6')],
  source: 'e2e: IPv4/IPv6 dual-stack should have ipv4 and ipv6 internal pod addresses',
  async run(ctx) {
    const ports = fleetPorts(ctx.use(fleet));
    const without = ctx
      .use(fleet)
      .agents.filter((agent) => ipv6Of(agent) === undefined)
      .map((agent) => agent.name);
    assertNone(without, 'pods without an IPv6 address');
    const checks = pairs(ctx.use(fleet).agents, () => true).flatMap(([from, to]) =>
      transports.map((kind) => ({
        from,
        probe: reach(ctx, kind, ipv6Of(to) ?? to.ip, ports[kind]),
        want: open(to.name),
      })),
    );
    await settleAndExpect(ctx, 'pods answer over IPv6', checks);
  },
});
