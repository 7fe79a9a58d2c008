import { expect } from 'chai';
import { judge } from './judge.ts';
import { podRef } from './all-pairs.ts';
import { expectedEndpoints } from './routing.ts';
import { grid } from './testing.test-support.ts';
import type { ClusterModel, EndpointModel, ServiceModel } from './model-types.ts';

describe('oracle: Service routing', () => {
  const base = grid();
  const service = (endpoints: EndpointModel[], more: Partial<ServiceModel> = {}): ServiceModel => ({
    namespace: 'x',
    name: 'svc',
    clusterIPs: ['10.96.2.1'],
    ports: [{ port: 80, protocol: 'TCP', targetPort: 81 }],
    endpoints,
    ...more,
  });
  const ready = (pod: string) => ({ pod, ready: true });
  const draining = (pod: string) => ({ pod, ready: false, serving: true, terminating: true });

  it('uses ready endpoints, and serving terminating ones only without any', () => {
    const mixed = service([ready('a'), draining('b'), { pod: 'c', ready: false }]);
    expect(expectedEndpoints(base, mixed, 'n1').names).to.deep.equal(['a']);
    expect(expectedEndpoints(base, service([draining('b'), { pod: 'c', ready: false }]), 'n1').names).to.deep.equal([
      'b',
    ]);
    expect(expectedEndpoints(base, service([{ pod: 'c', ready: false }]), 'n1').empty).to.equal('refused');
  });

  it('derives endpoints from the selector when none are stated', () => {
    const selecting: ServiceModel = { ...service([]), endpoints: undefined, selector: { pod: 'b' } };
    expect(expectedEndpoints(base, selecting, 'n1').names).to.deep.equal(['b']);
  });

  it('keeps Local traffic on the node it enters, per direction', () => {
    // In the grid x/a and x/c live on n1, x/b on n2.
    const local = service([ready('a')], { internalTrafficPolicy: 'Local' });
    expect(expectedEndpoints(base, local, 'n1').names).to.deep.equal(['a']);
    expect(expectedEndpoints(base, local, 'n2').empty).to.equal('dropped');
    expect(expectedEndpoints(base, local, 'n2', 'external').names).to.deep.equal(['a']);
    const outer = service([ready('a')], { externalTrafficPolicy: 'Local' });
    expect(expectedEndpoints(base, outer, 'n2', 'external').empty).to.equal('dropped');
    expect(expectedEndpoints(base, outer, 'n2').names).to.deep.equal(['a']);
  });

  it('judges a Service after translation to pod and target port', () => {
    const model: ClusterModel = { ...base, services: [service([ready('b')])] };
    const { reason } = judge(model, {
      from: podRef('y/a'),
      to: { kind: 'service', namespace: 'x', name: 'svc' },
      port: 80,
      protocol: 'TCP',
    });
    expect(reason.text).to.match(/^open: Service x\/svc -> x\/b TCP 81: /);
  });

  it('says mixed where endpoints differ, refused without any, disputed for a port not offered', () => {
    const serving = [{ port: 81, protocol: 'TCP' as const }];
    const pods = base.pods.map((pod) => (pod.name === 'a' ? { ...pod, serving: [] } : { ...pod, serving }));
    const judged = (endpoints: EndpointModel[], port = 80) =>
      judge(
        { ...base, pods, services: [service(endpoints)] },
        { from: podRef('y/a'), to: { kind: 'service', namespace: 'x', name: 'svc' }, port, protocol: 'TCP' },
      );
    expect(judged([ready('a'), ready('b')]).verdict).to.equal('mixed');
    expect(judged([]).verdict).to.equal('refused');
    expect(judged([ready('b')], 443)).to.include({ verdict: 'dropped', disputed: 'service-port' });
  });
});
