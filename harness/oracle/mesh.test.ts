import { expect } from 'chai';
import { effectiveMode, expectedMesh, type MeshSide, type MtlsMode } from './mesh.ts';

describe('oracle: mesh identity', () => {
  const row = (client: MeshSide, server: MeshSide, mode: MtlsMode) => {
    const { verdict, encrypted } = expectedMesh({ client, server, modes: { namespace: mode } });
    return encrypted ? `${verdict} mtls` : `${verdict} plain`;
  };

  it('gives the full table of sides and modes', () => {
    const modes: MtlsMode[] = ['STRICT', 'PERMISSIVE', 'DISABLE'];
    const rows = (client: MeshSide, server: MeshSide) => modes.map((mode) => row(client, server, mode));
    expect(rows('meshed', 'meshed')).to.deep.equal(['open mtls', 'open mtls', 'open plain']);
    expect(rows('plain', 'meshed')).to.deep.equal(['reset plain', 'open plain', 'open plain']);
    expect(rows('meshed', 'plain')).to.deep.equal(['open plain', 'open plain', 'open plain']);
    expect(rows('plain', 'plain')).to.deep.equal(['open plain', 'open plain', 'open plain']);
  });

  it('lets the narrowest scope win and UNSET inherit', () => {
    expect(effectiveMode()).to.deep.equal({ mode: 'PERMISSIVE', scope: 'default' });
    expect(effectiveMode({ mesh: 'STRICT', namespace: 'UNSET' })).to.deep.equal({ mode: 'STRICT', scope: 'mesh' });
    expect(effectiveMode({ mesh: 'STRICT', workload: 'DISABLE', port: 'PERMISSIVE' }).scope).to.equal('port');
  });

  it('resets a meshed client that was forced to plaintext', () => {
    const answer = expectedMesh({ client: 'meshed', server: 'meshed', modes: { mesh: 'STRICT' }, clientTls: 'off' });
    expect(answer).to.include({ verdict: 'reset', encrypted: false });
    expect(answer.reason).to.equal('reset: the client sends plaintext and the server demands mTLS, STRICT by mesh');
  });
});
