import { expect } from 'chai';
import { defineCase } from '../../harness/case/define-case.ts';
import { addressType, serviceName } from './support/names.ts';
import { answers, ask, dnsTransports, settleAndExpectDns } from '../../harness/table/dns-queries.ts';
import { first } from '../../harness/workload/backends.ts';
import { endpointAddresses } from '../../harness/workload/endpoints.ts';
import { serviceRef } from '../../harness/workload/objects.ts';
import { readService } from '../../harness/workload/serve.ts';
import { InconclusiveError } from '../../harness/base/errors.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { readSliceRights, serviceRights } from '../../harness/workload/rights.ts';

export const testCase = defineCase({
  id: 'dns-every-server',
  area: 'dns',
  touches: 'own',
  rights: [serviceRights, readSliceRights],
  uses: [fleet],
  title: 'Every single DNS server pod answers every node, over UDP and TCP',
  tags: ['udp', 'tcp', 'every-node'],
  source: 'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/',
  async run(ctx) {
    const services = await ctx.kube.list({
      apiVersion: 'v1',
      kind: 'Service',
      namespace: 'kube-system',
      labelSelector: 'k8s-app=kube-dns',
    });
    const name = first(services, 'Service of the cluster DNS (label k8s-app=kube-dns)').metadata.name;
    if (name === undefined) throw new InconclusiveError('the Service of the cluster DNS has no name');
    const dns = await readService(ctx, serviceRef('kube-system', name));
    const servers = await endpointAddresses(ctx, dns);
    expect(servers, 'ready endpoints of the cluster DNS').to.have.lengthOf.above(0);
    const { ip } = await readService(ctx, serviceRef('default', 'kubernetes'));
    const question = serviceName(ctx, 'kubernetes', 'default');
    const checks = ctx.use(fleet).agents.flatMap((from) =>
      [dns.ip, ...servers].flatMap((server) =>
        dnsTransports.map((transport) => ({
          from,
          probe: ask(ctx, addressType(ip), question, { transport, server }),
          want: answers(ip),
        })),
      ),
    );
    ctx.parameter('DNS servers', String(servers.length));
    await settleAndExpectDns(ctx, 'each DNS server answers', checks);
  },
});
