import { expect } from 'chai';
import { answeredBy, modelOf, namesBehind, recordsOf } from './expected.ts';
import { serviceObject, sliceObject } from './objects.ts';

describe('expectations of a case', () => {
  const pod = (name: string, node: string, ip: string) => ({
    agent: { name, namespace: 'x', node, ips: [ip] },
    labels: { app: 'web' },
  });
  const one = pod('one', 'n1', '10.0.0.1');
  const two = pod('two', 'n2', '10.0.0.2');
  const service = (more: Record<string, unknown> = {}) =>
    serviceObject({
      ...{ name: 'web', namespace: 'x', selector: { app: 'web' } },
      ports: [{ name: 'web', port: 80, targetPort: 'http' }],
      more: { clusterIP: '10.96.0.9', ...more },
    });
  const web = { namespace: 'x', name: 'web' };
  const ctx = { cluster: { info: { clusterDomain: 'cluster.local' } } } as Parameters<typeof recordsOf>[0];
  const name = 'web.x.svc.cluster.local';

  it('come from the Service and the pods the case made', () => {
    expect(namesBehind(modelOf([service()], [one, two]), web)).to.deep.equal(['one', 'two']);
    expect(namesBehind(modelOf([service()], [{ ...one, ready: false }, two]), web)).to.deep.equal(['two']);
    const local = modelOf([service({ internalTrafficPolicy: 'Local' })], [one]);
    expect(namesBehind(local, web, 'n1')).to.deep.equal(['one']);
    expect(answeredBy(namesBehind(local, web, 'n2')).verdicts).to.not.include('open');
  });

  it('know pods by the addresses of a hand-made slice', () => {
    const bare = serviceObject({ name: 'web', namespace: 'x', ports: [{ name: 'web', port: 80 }] });
    const ports = [{ name: 'web', port: 8080 }];
    const slice = sliceObject({ name: 's', namespace: 'x', service: 'web', addresses: ['10.0.0.2'], ports });
    expect(namesBehind(modelOf([bare, slice], [one, two]), web)).to.deep.equal(['two']);
  });

  it('say which records there must be, and which need not', () => {
    const asked = (model: ReturnType<typeof modelOf>) => recordsOf(ctx, model, { rrtype: 'A', name });
    expect(asked(modelOf([service()], [one])).answers).to.deep.equal(['10.96.0.9']);
    const headless = service({ clusterIP: 'None' });
    expect(asked(modelOf([headless], [one, two])).answers).to.deep.equal(['10.0.0.1', '10.0.0.2']);
    const unready = asked(modelOf([headless], [{ ...one, ready: false }]));
    expect(unready).to.deep.equal({ rcodes: ['NOERROR', 'NXDOMAIN'], answers: [] });
    expect(asked(modelOf([], [one])).rcodes).to.deep.equal(['NXDOMAIN']);
  });

  it('give a headless SRV the port of the endpoint', () => {
    const model = modelOf([service({ clusterIP: 'None' })], [one]);
    const { answers } = recordsOf(ctx, model, { rrtype: 'SRV', name: `_web._tcp.${name}` });
    expect(answers).to.deep.equal([`8080 10-0-0-1.${name}.`]);
  });
});
