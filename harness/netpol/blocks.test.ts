import { expect } from 'chai';
import fc from 'fast-check';
import { BlockList } from 'node:net';
import { blockAround, blockAroundAll, hostsOfPair } from './blocks.ts';

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

describe('blockAroundAll', () => {
  it('is the smallest block around all of them, and no narrower than 64 addresses', () => {
    expect(blockAroundAll(['10.244.1.3', '10.244.2.9'])).to.equal('10.244.0.0/22');
    expect(blockAroundAll(['172.16.5.3', '172.16.5.4'])).to.equal('172.16.5.0/26');
    expect(blockAroundAll(['100.64.0.1', '100.127.255.1'])).to.equal('100.64.0.0/10');
    expect(blockAroundAll(['fd00:10:244:1::5', 'fd00:10:244:2::6'])).to.equal('fd00:10:244::/62');
    expect(() => blockAroundAll([])).to.throw(/needs an address/);
  });
});
