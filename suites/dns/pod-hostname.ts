import { defineCase } from '../../harness/case/define-case.ts';
import { addressType, reverseName } from './support/names.ts';
import { answers, ask, lookUp, overBoth, settleAndExpectDns, type DnsCheck } from '../../harness/table/dns-queries.ts';
import { first, startPods } from '../../harness/workload/backends.ts';
import { serve } from '../../harness/workload/serve.ts';
import { httpPort } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';

const hostname = 'querier';
const subdomain = 'choir';

export const testCase = defineCase({
  id: 'dns-pod-hostname',
  area: 'dns',
  uses: [fleet],
  title: 'A pod with hostname and subdomain has a name under its headless Service, forward and reverse',
  tags: ['headless', 'ptr', 'hostname', 'e2e:conformance'],
  source: 'e2e: DNS should provide DNS for pods for Hostname and Subdomain; DNS specification 2.4.1, 2.4.3',
  async run(ctx) {
    const pod = first(await startPods(ctx, subdomain, [{ name: 'named', hostname, subdomain }]), 'pod');
    const service = await serve(ctx, {
      name: subdomain,
      namespace: pod.namespace,
      selector: { app: subdomain },
      ports: [httpPort],
      more: { clusterIP: 'None' },
    });
    const fqdn = `${hostname}.${service.fqdn}`;
    const clients = ctx.use(fleet).agents;
    const address = answers(pod.ip);
    const checks: DnsCheck[] = [
      ...overBoth(ctx, clients, { rrtype: addressType(pod.ip), name: fqdn }, address),
      ...overBoth(ctx, clients, { rrtype: addressType(pod.ip), name: service.fqdn }, address),
      ...clients.map((from) => ({ from, probe: ask(ctx, 'PTR', reverseName(pod.ip)), want: answers(fqdn) })),
      { from: pod, probe: lookUp(ctx, `${hostname}.${subdomain}`), want: address },
    ];
    await settleAndExpectDns(ctx, 'pod name resolves both ways', checks);
  },
});
