import { defineCase } from '../../harness/case/define-case.ts';
import { addressType, reverseName } from './support/names.ts';
import { lookUp, overBoth, settleAndExpectDns, type DnsCheck } from '../../harness/table/dns-queries.ts';
import { first, startPods } from '../../harness/workload/backends.ts';
import { serve } from '../../harness/workload/serve.ts';
import { httpPort } from '../../harness/workload/service-traffic.ts';
import { modelOf, recordsOf } from '../../harness/workload/expected.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

const hostname = 'querier';
const subdomain = 'choir';

export const testCase = defineCase({
  id: 'dns-pod-hostname',
  area: 'dns',
  touches: 'own',
  rights: [serviceRights],
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
    const model = modelOf([service.object], [{ agent: pod, labels: { app: subdomain }, hostname, subdomain }]);
    const rrtype = addressType(pod.ip);
    const questions = [
      { rrtype, name: fqdn },
      { rrtype, name: service.fqdn },
      { rrtype: 'PTR', name: reverseName(pod.ip) },
    ] as const;
    const checks: DnsCheck[] = [
      ...questions.flatMap((one) => overBoth(ctx, clients, one, recordsOf(ctx, model, one))),
      {
        from: pod,
        probe: lookUp(ctx, `${hostname}.${subdomain}`),
        want: recordsOf(ctx, model, { rrtype, name: fqdn }),
      },
    ];
    await settleAndExpectDns(ctx, 'pod name resolves both ways', checks);
  },
});
