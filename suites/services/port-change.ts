import { defineCase } from '../../harness/case/define-case.ts';
import { closed, open, settleAndExpect, type Check, type Want } from '../support/net-checks.ts';
import { fleetPorts, reach } from '../support/net-probes.ts';
import { serveFleet } from '../support/services-serve.ts';
import { fleetNames } from '../support/services-traffic.ts';

export const testCase = defineCase({
  id: 'services-port-change',
  area: 'services',
  title: 'Ports added to, moved on and removed from a live Service take effect',
  tags: ['cluster-ip', 'mutation'],
  source:
    'e2e: EndpointSlice / Services port changes; https://kubernetes.io/docs/concepts/services-networking/service/#multi-port-services',
  async run(ctx) {
    const { http, tcp } = fleetPorts(ctx.fleet);
    const first = { name: 'first', port: 80, protocol: 'TCP', targetPort: http };
    const second = { name: 'second', port: 81, protocol: 'TCP', targetPort: tcp };
    const moved = { name: 'first', port: 83, protocol: 'TCP', targetPort: http };
    const service = await serveFleet(ctx, [{ name: 'first', port: 80, targetPort: http }]);
    const want = open(...fleetNames(ctx));
    const table = (at: Readonly<Record<80 | 81 | 83, Want>>): Check[] =>
      ctx.fleet.agents.flatMap((from) => [
        { from, probe: reach(ctx, 'http', service.ip, 80), want: at[80] },
        { from, probe: reach(ctx, 'tcp', service.ip, 81), want: at[81] },
        { from, probe: reach(ctx, 'http', service.ip, 83), want: at[83] },
      ]);
    const change = (ports: readonly object[]) => ctx.kube.patch(service.ref, { spec: { ports } });

    await settleAndExpect(ctx, 'one port', table({ 80: want, 81: closed, 83: closed }));
    await change([first, second]);
    await settleAndExpect(ctx, 'port added', table({ 80: want, 81: want, 83: closed }));
    await change([moved, second]);
    await settleAndExpect(ctx, 'port moved', table({ 80: closed, 81: want, 83: want }));
    await change([second]);
    await settleAndExpect(ctx, 'port removed', table({ 80: closed, 81: want, 83: closed }));
  },
});
