import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { defineCase } from '../../harness/case/define-case.ts';
import { open, type Check } from '../../harness/table/checks.ts';
import { fleetPorts, reach, transports } from '../../harness/table/probes.ts';
import { fleet } from '../../harness/workload/fleet.ts';

export const testCase = defineCase({
  id: 'connectivity-self',
  area: 'connectivity',
  touches: 'own',
  rights: [],
  uses: [fleet],
  title: 'Every pod reaches itself by its own address and by loopback',
  tags: ['self', 'loopback'],
  source: 'https://kubernetes.io/docs/concepts/workloads/pods/#pod-networking',
  async run(ctx) {
    const ports = fleetPorts(ctx.use(fleet));
    const checks = ctx.use(fleet).agents.flatMap((from): Check[] =>
      transports.flatMap((kind) =>
        ['127.0.0.1', ...from.ips].map((ip) => ({
          from,
          probe: reach(ctx, kind, ip, ports[kind]),
          want: open(from.name),
        })),
      ),
    );
    await settleAndExpect(ctx, 'pods answer themselves', checks);
  },
});
