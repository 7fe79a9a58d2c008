import { expect } from 'chai';
import { FakeNode } from '../../node/fake-node.test-support.ts';
import type { Cut } from './cut.ts';
import { iptablesAct } from './iptables.ts';
import { cutCounters, ruleset } from './nftables.ts';

const cut: Cut = {
  node: 'one',
  device: 'eth0',
  peerIps: ['172.18.0.3'],
  peerMac: '02:42:ac:12:00:03',
  podCidrs: ['10.244.0.0/16'],
  dropIn: true,
  dropOut: false,
};

describe('nftables ruleset', () => {
  it('drops tunnels by the peer address and plain pod traffic by the peer hardware address', () => {
    const rules = ruleset('ordeal_x', cut);
    expect(rules).to.include('hook ingress device "eth0"');
    expect(rules).to.match(/ip saddr { 172\.18\.0\.3 } udp dport { .*8472.* } counter name seen_in drop/);
    expect(rules).to.match(/ether saddr 02:42:ac:12:00:03 ip saddr { 10\.244\.0\.0\/16 } .* drop/);
  });

  it('only counts the direction that stays open', () => {
    const out = ruleset('ordeal_x', cut)
      .split('\n')
      .filter((line) => line.includes('seen_out'));
    expect(out.join('\n')).to.include('daddr').and.not.include('drop');
  });

  it('never touches TCP between the nodes, which kubelet and API server need', () => {
    expect(ruleset('ordeal_x', cut)).not.to.match(/tcp|ip saddr { 172\.18\.0\.3 } (counter|drop)/);
  });

  it('has rules for each address family that is there, none for one that is not', () => {
    expect(ruleset('t', cut)).not.to.include('ip6');
    const dual = { ...cut, peerIps: ['172.18.0.3', 'fc00::3'], podCidrs: ['10.244.0.0/16', 'fd00::/56'] };
    expect(ruleset('t', dual)).to.include('ip6 saddr { fc00::3 } udp dport').and.include('ip6 saddr { fd00::/56 }');
  });

  it('reads its counters', async () => {
    const counter = (name: string, packets: number) => ({ counter: { name, packets, family: 'netdev' } });
    const list = { nftables: [{ metainfo: {} }, counter('seen_in', 7), counter('seen_out', 3)] };
    const node = new FakeNode().answer(/nft -j list counters/, { stdout: JSON.stringify(list) });
    expect(await cutCounters({ nodeExec: node.exec }, 'one', 'r1-1')).to.deep.equal({ arrived: 7, sent: 3 });
    expect(node.calls[0]?.argv.at(-1)).to.equal('ordeal_r1_1');
  });
});

describe('iptablesAct', () => {
  it('jumps into its own chain last, so that half a rule set never acts', () => {
    const { apply, undo } = iptablesAct('r1-1', cut);
    expect(apply.split(' && ').at(-1)).to.match(/-I PREROUTING -j ORDEAL-/);
    expect(undo).to.match(/-X ORDEAL-\w+ .*; ! iptables/);
  });

  it('drops nothing on a node that only sends', () => {
    expect(iptablesAct('r1-1', { ...cut, dropIn: false }).apply).not.to.include('DROP');
  });
});
