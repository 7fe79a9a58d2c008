import { expect } from 'chai';
import { defineCase } from '../../harness/case/define-case.ts';
import { answers, lookUp, settleAndExpectDns } from '../../harness/table/dns-queries.ts';
import { first, startPods } from '../../harness/workload/backends.ts';
import { serveFleet } from '../../harness/workload/serve.ts';
import { fleetPortSpecs } from '../../harness/workload/service-traffic.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

/** More than 6 domains and more than 256 characters: the limits of old resolvers. */
const fillers = Array.from({ length: 8 }, (_, index) => `filler-${index}-${'x'.repeat(30)}.ordeal.test`);

export const testCase = defineCase({
  id: 'dns-many-search-domains',
  area: 'dns',
  touches: 'own',
  rights: [serviceRights],
  uses: [fleet],
  tier: 'extended',
  title: 'A search path of more than six domains and 256 characters is kept and used to its end',
  tags: ['dns-config', 'search-path'],
  source: 'KEP-2595; e2e: DNS should work with a search path containing more than 6 domains, more than 256 characters',
  async run(ctx) {
    const service = await serveFleet(ctx, fleetPortSpecs(ctx));
    const home = `${service.namespace}.svc.${ctx.cluster.info.clusterDomain}`;
    const searches = [...fillers, home];
    const nameservers = [ctx.cluster.info.dnsIp];
    const dnsConfig = { nameservers, searches, options: [{ name: 'ndots', value: '2' }] };
    const pod = first(await startPods(ctx, 'client', [{ name: 'client', dnsPolicy: 'None', dnsConfig }]), 'pod');
    const { stdout } = await ctx.kube.exec(pod, ['cat', '/etc/resolv.conf']);
    expect(stdout, 'resolv.conf').to.include(`search ${searches.join(' ')}`);
    const checks = [{ from: pod, probe: lookUp(ctx, service.name), want: answers(service.ip) }];
    await settleAndExpectDns(ctx, 'last search domain is used', checks);
  },
});
