import { expect } from 'chai';
import { compileCidr, compileIpBlock, narrower, parseAddress } from './cidr.ts';
import { NetworkPolicy } from '../kube/network-policy.ts';

describe('oracle: addresses', () => {
  const inside = (ip: string, cidr: string) => compileCidr(cidr)(parseAddress(ip));

  it('reads both families, shortened and mixed notation', () => {
    expect(parseAddress('10.0.0.1')).to.deep.equal({ family: 4, value: 0x0a000001n });
    expect(parseAddress('::1').value).to.equal(1n);
    expect(parseAddress('fd00::').value >> 112n).to.equal(0xfd00n);
    expect(parseAddress('::ffff:10.0.0.1').value).to.equal(0xffff0a000001n);
    expect(parseAddress('1:2:3:4:5:6:7:8').value & 0xffffn).to.equal(8n);
    expect(() => parseAddress('10.0.0')).to.throw('"10.0.0" is not an IP address');
  });

  it('tests blocks of any length and ignores host bits', () => {
    expect([inside('10.1.255.255', '10.1.2.3/16'), inside('10.2.0.0', '10.1.2.3/16')]).to.deep.equal([true, false]);
    expect([inside('255.255.255.255', '0.0.0.0/0'), inside('10.0.0.2', '10.0.0.1/32')]).to.deep.equal([true, false]);
    expect([inside('fd00::5', 'fd00::/64'), inside('10.0.0.1', '::/0')]).to.deep.equal([true, false]);
  });

  it('takes exceptions out, also when an address is in both', () => {
    const test = compileIpBlock({ cidr: '10.0.0.0/8', except: ['10.1.0.0/16', '10.1.2.0/24'] });
    expect(['10.2.0.1', '10.1.2.3', '11.0.0.1'].map((ip) => test(parseAddress(ip)))).to.deep.equal([
      true,
      false,
      false,
    ]);
  });

  it('knows a strict part, as the API server demands of exceptions', () => {
    expect(narrower('10.1.0.0/16', '10.0.0.0/8')).to.equal(true);
    expect([narrower('10.0.0.0/8', '10.0.0.0/8'), narrower('11.0.0.0/16', '10.0.0.0/8')]).to.deep.equal([false, false]);
    const ingress = [{ from: [{ ipBlock: { cidr: '10.0.0.0/8', except: ['11.0.0.0/16'] } }] }];
    const metadata = { name: 'p', namespace: 'x' };
    const object = { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata, spec: { ingress } };
    expect(() => NetworkPolicy.parse(object)).to.throw('strict part of cidr');
  });
});
