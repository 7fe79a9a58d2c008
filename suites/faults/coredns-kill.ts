import { isIPv6 } from 'node:net';
import { expect } from 'chai';
import { defineCase } from '../../harness/case/define-case.ts';
import { beyondOwn } from '../../harness/case/touches.ts';
import { InconclusiveError } from '../../harness/base/errors.ts';
import { podKill } from '../../harness/fault/drivers/pod-kill.ts';
import { isFailure } from '../../harness/disruption/downtime.ts';
import { reportTraffic } from '../../harness/disruption/report.ts';
import { Traffic, trafficClients } from '../../harness/disruption/traffic.ts';
import { ask } from '../../harness/table/dns-queries.ts';
import { serviceRef } from '../../harness/workload/objects.ts';
import { readService } from '../../harness/workload/serve.ts';
import { podsOf } from '../../harness/workload/rollout-workload.ts';
import { loopbackOf } from '../../harness/workload/loopback.ts';
import { fleet } from '../../harness/workload/fleet.ts';
import { may } from '../../harness/kube/rights.ts';

const place = { namespace: 'kube-system', selector: { 'k8s-app': 'kube-dns' } };

const dns = { namespace: 'kube-system' };
/** To kill a pod of CoreDNS and see it back. */
const dnsKill = [
  ...may(['delete'], 'pods', dns),
  ...may(['get'], 'services', { namespace: 'default', name: 'kubernetes' }),
  ...may(['get'], 'deployments.apps', { ...dns, name: 'coredns' }),
];

export const testCase = defineCase({
  id: 'faults-coredns-kill',
  area: 'faults',
  touches: beyondOwn('cluster', 'dns', 'a pod of CoreDNS is killed'),
  rights: [dnsKill],
  uses: [fleet],
  title: 'Cluster DNS recovers when one of its pods is killed; the downtime is measured',
  tags: ['pod-kill', 'dns', 'downtime'],
  exclusive: ['dns'],
  source: 'https://kubernetes.io/docs/tasks/administer-cluster/dns-custom-nameservers/',
  async run(ctx) {
    // One that is on its way out already, after a change of the Corefile, cannot be killed.
    const victim = (await podsOf(ctx, place)).find((pod) => !pod.terminating);
    if (victim === undefined) throw new InconclusiveError(`no CoreDNS pod (k8s-app=kube-dns) in ${place.namespace}`);
    const { clusterDomain } = ctx.cluster.info;
    const { ip } = await readService(ctx, serviceRef('default', 'kubernetes'));
    const question = ask(ctx, isIPv6(ip) ? 'AAAA' : 'A', `kubernetes.default.svc.${clusterDomain}`);
    const wanted = { rcodes: ['NOERROR'], records: [ip] };
    const spec = { target: question, expect: wanted, loopback: loopbackOf(ctx) };
    const traffic = await Traffic.start(ctx, trafficClients(ctx.use(fleet)), spec);
    const fault = await ctx.fault(podKill, { ...victim, namespace: place.namespace });
    await fault.inject();
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: place.namespace, name: 'coredns' };
    await ctx.step('CoreDNS is complete again', () => ctx.kube.untilRolledOut(ref, ctx.timeouts.workloadReadyMs));
    await traffic.untilStable('names resolve after the kill');
    const losses = reportTraffic(ctx, await traffic.stop());
    expect(losses.length, 'paths asked').to.be.above(0);
    for (const { path } of losses) {
      const last = path.samples.at(-1);
      const told = `last answer ${path.client.name} got from cluster DNS: ${last?.error ?? 'as wanted'}`;
      expect(last !== undefined && !isFailure(last), told).to.equal(true);
    }
  },
});
