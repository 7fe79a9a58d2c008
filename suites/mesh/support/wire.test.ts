import { expect } from 'chai';
import { expectedMesh } from '../../../harness/oracle/mesh.ts';
import { wireFlaw, type MeshCell, type WireLine } from './wire.ts';

const agent = { name: 'someone', ip: '10.0.0.2' } as MeshCell['client']['agent'];
const cell = (side: 'meshed' | 'plain', mode: 'STRICT' | 'PERMISSIVE'): MeshCell => ({
  client: { agent, side },
  port: 8080,
  want: expectedMesh({ client: side, server: 'meshed', modes: { namespace: mode } }),
});
const encrypted = cell('meshed', 'STRICT');
const plain = cell('plain', 'PERMISSIVE');
const lines = (...all: [MeshCell, WireLine['seen']][]) => all.map(([one, seen]) => ({ cell: one, seen }));

describe('mesh wire', () => {
  it('is as wanted when every opening is', () => {
    expect(wireFlaw(lines([encrypted, ['tls', 'tls']], [plain, ['plaintext']]))).to.equal(undefined);
  });

  it('tells plaintext where mTLS was wanted, and TLS where plaintext was, also once among others', () => {
    const leaked = wireFlaw(lines([encrypted, ['tls', 'plaintext']]));
    expect(leaked).to.include({ unseen: false });
    expect(leaked?.said).to.match(/^meshed client someone -> port 8080 opened with tls, plaintext; wanted open, mTLS/);
    expect(wireFlaw(lines([plain, ['tls']]))).to.include({ unseen: false });
  });

  it('calls a connection it never saw its own shortcoming, unless another one was seen to be wrong', () => {
    expect(wireFlaw(lines([encrypted, []], [plain, ['plaintext']]))).to.include({ unseen: true });
    expect(wireFlaw(lines([encrypted, []], [plain, ['tls']]))).to.include({ unseen: false });
  });

  it('does not look for connections that are to be turned away', () => {
    expect(wireFlaw(lines([cell('plain', 'STRICT'), []]))).to.equal(undefined);
  });
});
