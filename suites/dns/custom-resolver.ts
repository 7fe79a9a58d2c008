import { defineCase } from '../../harness/case/define-case.ts';
import { answers, ask, lookUp, nxdomain, overBoth, settleAndExpectDns } from '../../harness/table/dns-queries.ts';
import { nameServer, startNameServer, zone } from './support/server.ts';
import { first, startPods } from '../../harness/workload/backends.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { assertSame } from '../../harness/table/assertions.ts';
import { serviceRights } from '../../harness/workload/rights.ts';

const address = '192.0.2.53';
const name = `www.deep.${zone}`;

export const testCase = defineCase({
  id: 'dns-custom-resolver',
  area: 'dns',
  touches: 'own',
  rights: [serviceRights, nameServer],
  uses: [fleet],
  title: 'dnsPolicy None with dnsConfig sends a pod to its own name server, with its own search path and options',
  tags: ['dns-config', 'udp', 'tcp', 'e2e:conformance'],
  source: 'e2e: DNS should support configurable pod DNS nameservers',
  async run(ctx) {
    const server = await startNameServer(ctx, { [name]: address });
    const options = [{ name: 'ndots', value: '2' }];
    const dnsConfig = { nameservers: [server.ip], searches: [zone, `deep.${zone}`], options };
    const pod = first(await startPods(ctx, 'client', [{ name: 'client', dnsPolicy: 'None', dnsConfig }]), 'pod');
    const { stdout } = await ctx.kube.exec(pod, ['cat', '/etc/resolv.conf']);
    ctx.attach('resolv.conf', stdout);
    const wanted = [`nameserver ${server.ip}`, 'options ndots:2', `search ${zone} deep.${zone}`];
    assertSame(stdout.trim().split('\n').sort(), wanted, 'resolv.conf');
    await settleAndExpectDns(ctx, 'own name server answers', [
      ...overBoth(ctx, [pod], { rrtype: 'A', name }, answers(address)),
      { from: pod, probe: lookUp(ctx, 'www.deep'), want: answers(address) },
      { from: pod, probe: lookUp(ctx, 'www'), want: answers(address) },
      { from: pod, probe: ask(ctx, 'A', `kubernetes.default.svc.${ctx.cluster.info.clusterDomain}`), want: nxdomain },
    ]);
  },
});
