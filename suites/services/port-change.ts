import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { defineCase } from '../../harness/case/define-case.ts';
import { noAgentAnswers, open, type Check, type Want } from '../../harness/table/checks.ts';
import { fleetPorts, reach } from '../../harness/table/probes.ts';
import { serveFleet } from '../../harness/workload/serve.ts';
import { fleetNames } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

const [a, b, c] = [9081, 9082, 9083];

export const testCase = defineCase({
  id: 'services-port-change',
  area: 'services',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  tier: 'extended',
  title: 'Ports added to, moved on and removed from a live Service take effect',
  tags: ['cluster-ip', 'multi-port', 'mutation'],
  source: 'https://kubernetes.io/docs/concepts/services-networking/service/#multi-port-services',
  async run(ctx) {
    const targetPort = fleetPorts(ctx.use(fleet)).udp;
    const at = (name: string, port: number) => ({ name, port, protocol: 'UDP', targetPort }) as const;
    const service = await serveFleet(ctx, [at('first', a)]);
    const served = open(...fleetNames(ctx));
    const table = (wants: Readonly<Record<number, Want>>): Check[] =>
      ctx.use(fleet).agents.flatMap((from) =>
        Object.entries(wants).map(([port, want]) => ({
          from,
          probe: reach(ctx, 'udp', service.ip, Number(port)),
          want,
        })),
      );
    const change = (...ports: readonly object[]) => ctx.kube.patch(service.ref, { spec: { ports } });

    await settleAndExpect(ctx, 'one port', table({ [a]: served }));
    await change(at('first', a), at('second', b));
    await settleAndExpect(ctx, 'port added', table({ [a]: served, [b]: served }));
    await change(at('first', c), at('second', b));
    await settleAndExpect(ctx, 'port moved', table({ [a]: noAgentAnswers, [b]: served, [c]: served }));
    await change(at('second', b));
    await settleAndExpect(ctx, 'port removed', table({ [b]: served, [c]: noAgentAnswers }));
  },
});
