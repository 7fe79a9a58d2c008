import { defineCase, feature } from '../../harness/case/define-case.ts';
import { idleLoads } from '../../harness/case/idle-load.ts';
import { expectKept } from '../../harness/disruption/kept-flows.ts';
import { fleetPorts, reach } from '../../harness/table/probes.ts';
import { nodeRing } from '../../harness/probe/standing-fleet.ts';
import { fleet } from '../../harness/workload/fleet.ts';

/** Both kinds in one case: they wait for the same minute. */
export const testCase = defineCase({
  id: 'connectivity-long-lived-flows',
  area: 'connectivity',
  touches: 'own',
  rights: [],
  uses: [fleet],
  idleLoad: idleLoads.keptFlows,
  title: 'TCP and HTTP connections between nodes outlive a minute, in steady use and with long gaps',
  tags: ['long-lived', 'tcp', 'http', 'other-node', 'every-node', 'idle'],
  needs: [feature('MultiNode')],
  source: 'https://kubernetes.io/docs/concepts/cluster-administration/networking/',
  async run(ctx) {
    const ports = fleetPorts(ctx.use(fleet));
    const flows = nodeRing(ctx.use(fleet).agents).flatMap(([from, to]) =>
      (['tcp', 'http'] as const).map((kind) => {
        return { from, probe: reach(ctx, kind, to.ip, ports[kind]), server: to.name };
      }),
    );
    await expectKept(ctx, flows);
  },
});
