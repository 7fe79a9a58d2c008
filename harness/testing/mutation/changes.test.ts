import { expect } from 'chai';
import { background, nftTable, onNode } from './changes.ts';
import { fakeBed } from './fake-bed.test-support.ts';

const change = { id: 'x', apply: 'do it', undo: 'undo it', gone: 'test it' };

describe('onNode', () => {
  it('stores the undo and arms the deadline before it applies', async () => {
    const { bed, touched } = fakeBed();
    await onNode(bed, { node: bed.pair[0], ...change }).apply();
    const [store, arm, apply] = touched();
    expect(store).to.include('x.undo');
    expect(arm).to.match(/systemd-run .*--on-active=1 .*x\.undo/);
    expect(apply).to.include('do it');
  });

  it('undoes before it disarms', async () => {
    const { bed, touched } = fakeBed();
    await onNode(bed, { node: bed.pair[0], ...change }).undo();
    const [undo, disarm] = touched();
    expect(undo).to.include('undo it');
    expect(disarm).to.include('systemctl stop').and.include('rm -f');
  });
});

describe('nftTable and background', () => {
  it('own a table and a unit named after the change alone', async () => {
    const { bed, touched } = fakeBed();
    await nftTable(bed, bed.pair[0], 'a-b', 'chain c { }').undo();
    await background(bed, bed.pair[1], 'a-b', { argv: ['sh', 'SCRIPT'], script: '', after: 'tidy SCRIPT' }).undo();
    expect(touched().join('\n'))
      .to.include('delete table ip ordeal_mutation_a_b')
      .and.include('systemctl stop ordeal-mutation-a-b')
      .and.include('tidy /run/ordeal/mutations/a-b.script');
  });
});
