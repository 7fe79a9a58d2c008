import { settleAndExpect } from '../../harness/table/settle-checks.ts';
import { defineCase } from '../../harness/case/define-case.ts';
import { answers, lookUp, settleAndExpectDns } from '../../harness/table/dns-queries.ts';
import { open, refused, type Check } from '../../harness/table/checks.ts';
import { fleetPorts, reach } from '../../harness/table/probes.ts';
import { serveFleet } from '../../harness/workload/serve.ts';
import { fleetNames } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { assertNone } from '../../harness/table/assertions.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

const servicePort = 82;

export const testCase = defineCase({
  id: 'services-headless-no-proxy',
  area: 'services',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  title: 'A headless Service has no address and translates no port: clients talk to pods directly',
  tags: ['headless'],
  source: 'https://kubernetes.io/docs/concepts/services-networking/service/#headless-services',
  async run(ctx) {
    const { http } = fleetPorts(ctx.use(fleet));
    const ports = [{ name: 'web', port: servicePort, targetPort: http }];
    const service = await serveFleet(ctx, ports, { clusterIP: 'None' });
    assertNone(service.ips, `cluster IPs of headless Service ${service.name}`);
    const addresses = ctx.use(fleet).agents.map((agent) => agent.ip);
    const names = ctx.use(fleet).agents.map((from) => ({
      from,
      probe: lookUp(ctx, service.fqdn),
      want: answers(...addresses),
    }));
    await settleAndExpectDns(ctx, 'headless name resolves', names);
    const checks = ctx.use(fleet).agents.flatMap((from): Check[] => [
      { from, probe: reach(ctx, 'http', service.fqdn, http), want: open(...fleetNames(ctx)) },
      { from, probe: reach(ctx, 'http', service.fqdn, servicePort), want: refused },
    ]);
    await settleAndExpect(ctx, 'target port answers, Service port is closed', checks);
  },
});
