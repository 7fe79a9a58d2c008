import { defineCase, feature } from '../../harness/case/define-case.ts';
import { beyondOwn } from '../../harness/case/touches.ts';
import { corefile, forwardZone } from './support/corefile.ts';
import { answers, lookUp, nxdomain, overBoth, settleAndExpectDns } from '../../harness/table/dns-queries.ts';
import { nameServer, startNameServer, zone } from './support/server.ts';
import { everyone } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

const name = `www.${zone}`;
const address = '192.0.2.80';

export const testCase = defineCase({
  id: 'dns-forwarded',
  area: 'dns',
  touches: beyondOwn('cluster', 'dns', 'the Corefile is changed and put back'),
  rights: [serviceRights, nameServer, corefile],
  uses: [fleet],
  title: 'A name outside the cluster domain is forwarded to the name server of its stub domain',
  tags: ['forward', 'stub-domain', 'udp', 'tcp', 'every-node'],
  needs: [feature('WorkloadAdmin', 'the Corefile is changed and put back')],
  exclusive: ['dns'],
  source:
    'https://kubernetes.io/docs/tasks/administer-cluster/dns-custom-nameservers/; e2e: DNS configMap nameserver Forward',
  async run(ctx) {
    const server = await startNameServer(ctx, { [name]: address });
    await forwardZone(ctx, zone, `${server.ip}:53`);
    const clients = everyone(ctx);
    await settleAndExpectDns(ctx, 'forwarded name resolves', [
      ...overBoth(ctx, clients, { rrtype: 'A', name }, answers(address)),
      ...overBoth(ctx, clients, { rrtype: 'A', name: `nobody.${zone}` }, nxdomain),
      ...clients.map((from) => ({ from, probe: lookUp(ctx, name), want: answers(address) })),
    ]);
  },
});
