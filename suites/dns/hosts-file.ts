import { expect } from 'chai';
import { defineCase } from '../../harness/case/define-case.ts';
import { serviceName } from './support/names.ts';
import { answers, lookUp, settleAndExpectDns } from '../../harness/table/dns-queries.ts';
import { first, startPods } from '../../harness/workload/backends.ts';
import { fleet } from '../../harness/workload/fleet.ts';

const hostname = 'singer';
const subdomain = 'choir';

export const testCase = defineCase({
  id: 'dns-hosts-file',
  area: 'dns',
  touches: 'own',
  rights: [],
  uses: [fleet],
  title: 'The hosts file of a pod holds its own address with host name and full name',
  tags: ['hosts-file', 'hostname', 'e2e:conformance'],
  source: 'e2e: DNS should provide /etc/hosts entries for the cluster',
  async run(ctx) {
    const pod = first(await startPods(ctx, 'hosts', [{ name: 'own-name', hostname, subdomain }]), 'pod');
    const fqdn = `${hostname}.${serviceName(ctx, subdomain, pod.namespace)}`;
    const { stdout } = await ctx.kube.exec(pod, ['cat', '/etc/hosts']);
    const entries = stdout.split('\n').map((line) => line.trim().split(/\s+/));
    const own = entries.find(([ip]) => ip === pod.ip);
    expect(own, `entry of ${pod.ip} in /etc/hosts: ${stdout}`).to.include.members([fqdn, hostname]);
    // No Service of that name exists: only the hosts file can answer.
    const checks = [hostname, fqdn].map((name) => ({ from: pod, probe: lookUp(ctx, name), want: answers(pod.ip) }));
    await settleAndExpectDns(ctx, 'own names resolve without a Service', checks);
  },
});
