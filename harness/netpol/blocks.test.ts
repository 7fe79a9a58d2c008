import { expect } from 'chai';
import fc from 'fast-check';
import { BlockList } from 'node:net';
import { blockAround, hostsOfPair } from './blocks.ts';

function holds(block: string, address: string): boolean {
  const [network = '', prefix = ''] = block.split('/');
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), 'ipv4');
  return list.check(address, 'ipv4');
}

describe('blocks around an address', () => {
  it('hold it, and start at a multiple of their size', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 8, max: 32 }), (address, bits) => {
        const block = blockAround(address, bits);
        expect(holds(block, address)).to.equal(true);
        expect(blockAround(block.split('/')[0] ?? '', bits)).to.equal(block);
      }),
    );
  });

  it('of a pair are its two hosts', () => {
    expect(hostsOfPair('10.244.1.5')).to.deep.equal(['10.244.1.4/32', '10.244.1.5/32']);
    expect(blockAround('10.244.120.69', 28)).to.equal('10.244.120.64/28');
    expect(blockAround('fd00:10:244::45', 28)).to.equal('fd00:10:244::40/124');
  });
});
