import { AssertionError, expect } from 'chai';
import type { ProbeResult } from '../probe/types.ts';
import { expandIpv6, reverseName, srvTargets } from '../../suites/dns/support/names.ts';
import { answers, canonical, dnsDifference, expectAnswers, nodata, noRecords, nxdomain } from './dns-queries.ts';

const answer = (rcode: string, ...records: string[]): ProbeResult => ({
  verdict: 'open',
  elapsedUs: 1,
  dns: { rcode, answers: records, ms: 1 },
});

describe('DNS answers', () => {
  it('are equal whatever order, letter case, final dot and repetition', () => {
    expect(canonical(['B.svc.', 'a', 'A'])).to.deep.equal(['a', 'b.svc']);
    expect(dnsDifference(answers('10.0.0.2', '10.0.0.1'), answer('NOERROR', '10.0.0.1', '10.0.0.2'))).to.equal(
      undefined,
    );
  });
  it('differ by a missing and by an extra record', () => {
    expect(dnsDifference(answers('10.0.0.1', '10.0.0.2'), answer('NOERROR', '10.0.0.1'))).to.include('10.0.0.2');
    expect(dnsDifference(answers('10.0.0.1'), answer('NOERROR', '10.0.0.1', '10.0.0.2'))).to.include('wanted NOERROR');
  });
  it('tell a name that does not exist from one without records', () => {
    expect(dnsDifference(nxdomain, answer('NOERROR'))).to.equal('wanted NXDOMAIN without records');
    expect(dnsDifference(nodata, answer('NXDOMAIN'))).to.equal('wanted NOERROR without records');
    expect(dnsDifference(noRecords, answer('NXDOMAIN'))).to.equal(undefined);
    expect(dnsDifference(noRecords, answer('SERVFAIL'))).to.include('wanted NOERROR or NXDOMAIN');
  });
  it('never take silence for "no such name"', () => {
    expect(dnsDifference(nxdomain, { verdict: 'dropped', elapsedUs: 1 })).to.include('NXDOMAIN');
  });
  it('do not pass on nothing', () => {
    expect(() => expectAnswers([])).to.throw(AssertionError, 'queries sent');
  });
});

describe('DNS names', () => {
  it('of addresses are reversed by octet or by digit', () => {
    expect(reverseName('10.96.0.10')).to.equal('10.0.96.10.in-addr.arpa');
    expect(reverseName('2001:db8::567:89ab')).to.equal(
      'b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa',
    );
  });
  it('expand IPv6 wherever the zeros are left out', () => {
    expect(expandIpv6('::1')).to.equal('1'.padStart(32, '0'));
    expect(expandIpv6('fd00::')).to.equal('fd00'.padEnd(32, '0'));
    expect(expandIpv6('1:2:3:4:5:6:7:8')).to.have.lengthOf(32);
  });
  it('of SRV records keep port and target', () => {
    expect(srvTargets(['0 100 80 web.x.svc.cluster.local'])).to.deep.equal(['80 web.x.svc.cluster.local']);
  });
});
