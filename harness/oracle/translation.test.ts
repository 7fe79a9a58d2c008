import { expect } from 'chai';
import { parseSource, parseTarget } from './ends.ts';
import { judge } from './judge.ts';
import { grid, policy } from './testing.test-support.ts';
import type { ClusterModel, PodModel, ServiceModel } from './model-types.ts';

describe('oracle: translation before policy', () => {
  // In the grid x/a lives on n1 (172.18.0.2), x/b on n2 (172.18.0.3).
  const service = (more: Partial<ServiceModel> = {}): ServiceModel => ({
    ...{ namespace: 'x', name: 'web', clusterIPs: ['10.96.7.7'] },
    ports: [{ port: 8080, targetPort: 80, nodePort: 30080, protocol: 'TCP' }],
    endpoints: [{ pod: 'a', ready: true }],
    ...more,
  });
  const fromOffice = policy('x/office', '{podSelector: {}, ingress: [{from: [{ipBlock: {cidr: 198.51.100.0/24}}]}]}');
  const model = (more: Partial<ServiceModel> = {}, ...policies: Parameters<typeof grid>): ClusterModel => ({
    ...grid(...policies),
    services: [service(more)],
  });
  const verdict = (it: ClusterModel, from: string, to: string) => {
    const { verdict: said, disputed } = judge(it, { from: parseSource(from), ...parseTarget(to, it) });
    return disputed === undefined ? said : `${said} (${disputed})`;
  };

  it('of a node port: the client may be seen as the node, which Local forbids', () => {
    const open = model({}, fromOffice);
    expect(verdict(open, '203.0.113.9', 'node:n2:30080')).to.equal('dropped');
    expect(verdict(open, '198.51.100.9', 'node:n2:30080')).to.equal('undecided (source-address)');
    const local = model({ externalTrafficPolicy: 'Local' }, fromOffice);
    expect(verdict(local, '198.51.100.9', '172.18.0.2:30080')).to.equal('open');
    expect(verdict(local, '198.51.100.9', '172.18.0.3:30080')).to.equal('dropped');
    expect(verdict(local, 'node:n1', 'node:n2:30080')).to.equal('dropped');
    expect(verdict(model({ externalTrafficPolicy: 'Local' }), 'y/b', 'node:n2:30080')).to.equal('open');
  });

  it('of external IPs and load balancers, with the ranges that may come in', () => {
    const it = model({
      ...{ externalIPs: ['203.0.113.50'], loadBalancerIPs: ['203.0.113.60'] },
      loadBalancerSourceRanges: ['198.51.100.0/24'],
    });
    expect(verdict(it, '198.51.100.9', '203.0.113.60:8080')).to.equal('open');
    expect(verdict(it, '192.0.2.9', '203.0.113.60:8080')).to.equal('dropped');
    expect(verdict(it, '192.0.2.9', '203.0.113.50:8080')).to.equal('open');
    expect(verdict(it, '192.0.2.9', '203.0.113.50:81')).to.equal('dropped (service-port)');
  });

  it('of a host port, on the node and address it is bound to', () => {
    const bound = (hostIP?: string): ClusterModel => ({
      ...grid(policy('x/closed', '{podSelector: {}, policyTypes: [Ingress]}')),
      pods: grid().pods.map((pod): PodModel => {
        const hostPort = {
          port: 80,
          protocol: 'TCP' as const,
          hostPort: 8088,
          ...(hostIP !== undefined && { hostIP }),
        };
        return pod.namespace === 'x' && pod.name === 'a' ? { ...pod, containerPorts: [hostPort] } : pod;
      }),
    });
    expect(verdict(bound(), '203.0.113.9', 'node:n1:8088')).to.equal('dropped');
    expect(verdict(bound(), '203.0.113.9', 'node:n2:8088')).to.equal('open');
    expect(verdict(bound('127.0.0.1'), '203.0.113.9', 'node:n1:8088')).to.equal('open');
  });

  it('takes a pod that is on no node yet for one that may come to any', () => {
    const closed = grid(policy('x/closed', '{podSelector: {}, policyTypes: [Ingress]}'));
    const hostPort = { port: 80, protocol: 'TCP' as const, hostPort: 8088 };
    const pods = closed.pods.map((pod) => ({ ...pod, node: '', containerPorts: [hostPort] }));
    const local = [service({ externalTrafficPolicy: 'Local' })];
    const unscheduled = { ...closed, pods, services: local };
    expect(verdict(unscheduled, '203.0.113.9', 'node:n2:8088')).to.equal('dropped');
    expect(verdict({ ...unscheduled, networkPolicies: [] }, '203.0.113.9', 'node:n2:30080')).to.equal('open');
  });

  it('leaves open which address an egress ipBlock sees, where it matters', () => {
    const egress = (cidr: string) =>
      policy('y/out', `{podSelector: {}, policyTypes: [Egress], egress: [{to: [{ipBlock: {cidr: ${cidr}}}]}]}`);
    const address = grid().pods.find((pod) => pod.namespace === 'x' && pod.name === 'a')?.ips[0] ?? '';
    expect(verdict(model({}, egress(`${address}/32`)), 'y/a', 'svc:x/web:8080')).to.equal(
      'undecided (service-address)',
    );
    expect(verdict(model({}, egress('10.96.0.0/16')), 'y/a', 'svc:x/web:8080')).to.equal('undecided (service-address)');
    expect(verdict(model({}, egress('10.0.0.0/8')), 'y/a', 'svc:x/web:8080')).to.equal('open');
    expect(verdict(model({}, egress('192.0.2.0/24')), 'y/a', 'svc:x/web:8080')).to.equal('dropped');
    expect(verdict(model({ clusterIPs: [] }, egress(`${address}/32`)), 'y/a', 'svc:x/web:80')).to.equal('open');
  });

  it('follows an alias inside the cluster, and stops at one that leads out', () => {
    const alias = (externalName: string): ClusterModel => {
      const named = { namespace: 'y', name: 'alias', clusterIPs: [], ports: [], externalName };
      return { ...model(), services: [service(), named] };
    };
    expect(verdict(alias('web.x.svc.cluster.local'), 'y/a', 'svc:y/alias:8080')).to.equal('open');
    expect(verdict(alias('pay.example.com'), 'y/a', 'svc:y/alias:443')).to.equal('undecided (external-name)');
  });

  it('takes the endpoints of a slice with their own ports and addresses', () => {
    const ports = [{ name: '', port: 6443, protocol: 'TCP' as const }];
    const out = model({ endpoints: [{ ips: ['192.0.2.134'], ready: true, ports }] });
    const { reason } = judge(out, { from: parseSource('y/a'), ...parseTarget('svc:x/web:8080', out) });
    expect(reason.text).to.contain('Service x/web -> 192.0.2.134 TCP 6443');
    expect(
      verdict(model({ endpoints: [{ ips: ['192.0.2.134'], ready: true, ports: [] }] }), 'y/a', 'svc:x/web:8080'),
    ).to.equal('refused');
  });
});
