import { expect } from 'chai';
import { reverseName } from './dns-reverse.ts';
import { expectedDns } from './dns.ts';
import { grid } from './testing.test-support.ts';
import type { ClusterModel, PodModel, ServiceModel } from './model-types.ts';

describe('oracle: cluster DNS', () => {
  const base = grid();
  const named: PodModel[] = base.pods.map((pod) =>
    pod.namespace === 'x' && pod.name === 'a' ? { ...pod, hostname: 'first', subdomain: 'set' } : pod,
  );
  const set: ServiceModel = {
    namespace: 'x',
    name: 'set',
    clusterIPs: [],
    ports: [{ name: 'web', port: 80, protocol: 'TCP' }],
    endpoints: [
      { pod: 'a', ready: true },
      { pod: 'b', ready: true },
      { pod: 'c', ready: false },
    ],
  };
  const elsewhere: ServiceModel = {
    namespace: 'x',
    name: 'out',
    clusterIPs: [],
    ports: [],
    externalName: 'db.example.org',
  };
  const model: ClusterModel = { ...base, pods: named, services: [...base.services, set, elsewhere] };
  const dns = (name: string, rrtype: 'A' | 'AAAA' | 'SRV' | 'CNAME' | 'PTR') => expectedDns(model, name, rrtype);

  it('answers a Service with its cluster IP, in any case and with or without the final dot', () => {
    expect(dns('s-x-a.x.svc.cluster.local', 'A').answers).to.deep.equal(['10.96.1.1']);
    expect(dns('S-X-A.x.svc.cluster.local.', 'A').answers).to.deep.equal(['10.96.1.1']);
    expect(dns('s-x-a.x.svc.cluster.local', 'AAAA')).to.include({ rcode: 'NOERROR' });
  });

  it('answers a headless Service with its ready endpoints, and each by its hostname', () => {
    expect(dns('set.x.svc.cluster.local', 'A').answers).to.deep.equal(['10.244.1.10', '10.244.2.11']);
    expect(dns('first.set.x.svc.cluster.local', 'A').answers).to.deep.equal(['10.244.1.10']);
    expect(dns('10-244-2-11.set.x.svc.cluster.local', 'A').answers).to.deep.equal(['10.244.2.11']);
  });

  it('answers SRV by port name', () => {
    expect(dns('_serve-80-tcp._tcp.s-x-a.x.svc.cluster.local', 'SRV').answers).to.deep.equal([
      '80 s-x-a.x.svc.cluster.local.',
    ]);
    expect(dns('_web._tcp.set.x.svc.cluster.local', 'SRV').answers).to.deep.equal([
      '80 10-244-2-11.set.x.svc.cluster.local.',
      '80 first.set.x.svc.cluster.local.',
    ]);
    expect(dns('_web._udp.set.x.svc.cluster.local', 'SRV').rcode).to.equal('NXDOMAIN');
  });

  it('answers PTR for cluster IPs and for endpoints of headless Services', () => {
    expect(dns('1.1.96.10.in-addr.arpa', 'PTR').answers).to.deep.equal(['s-x-a.x.svc.cluster.local.']);
    expect(dns('10.1.244.10.in-addr.arpa.', 'PTR').answers).to.deep.equal(['first.set.x.svc.cluster.local.']);
    expect(dns('9.9.9.9.in-addr.arpa', 'PTR').rcode).to.equal('NXDOMAIN');
  });

  it('writes reverse names of both families', () => {
    expect(reverseName('10.96.0.1')).to.equal('1.0.96.10.in-addr.arpa');
    expect(reverseName('fd00::1')).to.equal(`1.${'0.'.repeat(27)}0.0.d.f.ip6.arpa`);
  });

  it('answers an ExternalName with its alias and unknown names with NXDOMAIN', () => {
    expect(dns('out.x.svc.cluster.local', 'CNAME').answers).to.deep.equal(['db.example.org.']);
    for (const name of ['none.x.svc.cluster.local', 'a.s-x-a.x.svc.cluster.local', 'a.b.set.x.svc.cluster.local'])
      expect(dns(name, 'A').rcode, name).to.equal('NXDOMAIN');
  });

  it('is NXDOMAIN for a headless Service without ready endpoints', () => {
    const empty = { ...model, services: [{ ...set, endpoints: [{ pod: 'a', ready: false }] }] };
    expect(expectedDns(empty, 'set.x.svc.cluster.local', 'A').rcode).to.equal('NXDOMAIN');
    const published = {
      ...model,
      services: [{ ...set, endpoints: [{ pod: 'a', ready: false }], publishNotReadyAddresses: true }],
    };
    expect(expectedDns(published, 'set.x.svc.cluster.local', 'A').answers).to.deep.equal(['10.244.1.10']);
  });

  it('refuses names outside the zone', () => {
    expect(() => dns('example.org', 'A')).to.throw('not a Service name');
  });
});
