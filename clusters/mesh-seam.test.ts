import { expect } from 'chai';
import { meshes } from './index.ts';
import type { Mesh } from './mesh-product.ts';

const caller = { trustDomain: 'cluster.local', namespace: 'x', account: 'alice' };
const spec = { namespace: 'x', selector: { app: 'server' }, callers: [caller], ports: [8080] } as const;
const named = (wanted: string): Mesh => {
  const mesh = meshes.find(({ name }) => name === wanted);
  if (mesh === undefined) throw new Error(`no mesh ${wanted}`);
  return mesh;
};
const kindsOf = (mesh: Mesh, action: 'ALLOW' | 'DENY') =>
  mesh.policies.authorization?.({ ...spec, action })?.map(({ kind }) => kind);

describe('what meshes are told and tell', () => {
  it('admits a caller by objects of the mesh itself, which name the caller as its certificates do', () => {
    expect(kindsOf(named('istio'), 'ALLOW')).to.deep.equal(['AuthorizationPolicy']);
    expect(kindsOf(named('linkerd'), 'ALLOW')).to.deep.equal([
      'MeshTLSAuthentication',
      'Server',
      'AuthorizationPolicy',
    ]);
    for (const { policies, identity } of meshes) {
      const told = JSON.stringify(policies.authorization?.({ ...spec, action: 'ALLOW' }));
      expect(told).to.include(identity.of(caller).replace('spiffe://', ''));
    }
  });

  it('says so where a mesh has no such rule, instead of making one up', () => {
    expect(kindsOf(named('istio'), 'DENY')).to.deep.equal(['AuthorizationPolicy']);
    expect(kindsOf(named('linkerd'), 'DENY')).to.equal(undefined);
    expect(named('linkerd').policies.serverMode).to.equal(undefined);
  });

  it('reads who called from what the proxy writes, and nobody from what it did not', () => {
    const written: Record<string, string> = {
      istio: 'By=spiffe://cluster.local/ns/x/sa/server;Hash=1;Subject="";URI=spiffe://cluster.local/ns/x/sa/alice',
      linkerd: 'alice.x.serviceaccount.identity.linkerd.cluster.local',
    };
    for (const { name, identity } of meshes) {
      expect(identity.read(written[name] ?? ''), name).to.equal(identity.of(caller));
      expect(identity.read(''), name).to.equal(undefined);
    }
  });
});
