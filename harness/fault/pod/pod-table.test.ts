import { expect } from 'chai';
import { opensConnection, podTable, type PodRules } from './pod-table.ts';

const place = { table: 'ordeal_x', device: 'eth0', sink: 'ordealab' };
const textOf = (rules: PodRules) => podTable(place, rules).text;
const lines = (text: string, pattern: RegExp) => text.split('\n').filter((line) => pattern.test(line));

describe('the table of a packet fault', () => {
  it('loses what leaves behind the device, where its sender does not notice, and what arrives at the device', () => {
    const text = textOf({ filter: { direction: 'both' }, stage: 'device', verdict: 'lose' });
    expect(text).to.match(/^table netdev ordeal_x/);
    expect(text).to.match(/hook ingress device "eth0" .*\n.*\n +meta protocol { ip, ip6 } counter drop\n/);
    expect(text).to.match(/hook egress device "eth0" .*\n.*\n +meta protocol { ip, ip6 } counter fwd to "ordealab"\n/);
  });

  it('has no chain for a direction that is not asked for', () => {
    const text = textOf({ filter: { direction: 'ingress' }, stage: 'device', verdict: 'lose' });
    expect(text).not.to.include('egress').and.not.to.include('fwd');
  });

  it('leaves the neighbour discovery of IPv6 alone, and the loopback', () => {
    const text = textOf({ filter: { direction: 'both' }, stage: 'edge', verdict: 'drop' });
    expect(lines(text, /icmpv6 type .* return/)).to.have.length(2);
    expect(lines(text, /"lo" return/)).to.have.length(2);
  });

  it('has each packet meet one rule, whatever ports both of its ends have', () => {
    const filter = { direction: 'egress', ports: [80, 81], protocol: 'tcp' } as const;
    const [to, from] = lines(textOf({ filter, stage: 'device', verdict: 'lose' }), /counter/);
    expect(to).to.include('meta l4proto tcp th dport { 80, 81 } counter');
    expect(from).to.include('th sport { 80, 81 } th dport != { 80, 81 } counter');
  });

  it('matches peers at the other end, each family by rules of its own', () => {
    const filter = { direction: 'both', peers: ['10.0.0.0/8', 'fd00::1'] } as const;
    const text = textOf({ filter, stage: 'device', verdict: 'lose' });
    expect(text).to.include('ip saddr { 10.0.0.0/8 }').and.include('ip daddr { 10.0.0.0/8 }');
    expect(text).to.include('ip6 saddr { fd00::1 }').and.include('ip6 daddr { fd00::1 }');
  });

  it('counts the bytes of IP packets, wherever they are met', () => {
    const rules = { filter: { direction: 'both' }, verdict: 'lose', longerThan: 1_000 } as const;
    const [arriving, leaving] = lines(textOf({ ...rules, stage: 'device' }), /meta length/);
    expect(arriving).to.include('meta length > 1000 ');
    expect(leaving, 'with its Ethernet header').to.include('meta length > 1014 ');
  });

  it('rejects next to the socket, and only what opens a connection', () => {
    const verdict = 'reject with tcp reset';
    const rules = {
      filter: { direction: 'ingress', protocol: 'tcp' },
      stage: 'socket',
      verdict,
      only: opensConnection,
    } as const;
    expect(textOf(rules)).to.match(/hook input .*meta l4proto tcp tcp flags & \(syn \| ack\) == syn counter reject/s);
  });
});
