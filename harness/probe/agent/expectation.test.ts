import { expect } from 'chai';
import type { ProbeResult } from '../types.ts';
import { unexpected } from './expectation.ts';

const open = (more: Partial<ProbeResult>): ProbeResult => ({ verdict: 'open', elapsedUs: 1, ...more });
const dns = (rcode: string, ...answers: string[]) => open({ dns: { rcode, answers, ms: 1 } });
const http = (status: number) => open({ http: { status, body: '', headers: {} } });

describe('what a sampler expects of an answer', () => {
  it('is, unless told otherwise, no server error and no resolver that cannot say', () => {
    expect(
      [dns('NOERROR', '10.0.0.1'), dns('NXDOMAIN'), http(404), open({})].map((one) => unexpected(one)),
    ).to.deep.equal(Array(4).fill(undefined));
    expect([dns('SERVFAIL'), dns('REFUSED'), http(503)].map((one) => unexpected(one))).to.deep.equal([
      'SERVFAIL',
      'REFUSED',
      'HTTP 503',
    ]);
  });

  it('is what it was told: rcode, records in any order, responder, status', () => {
    const rcodes = ['NOERROR'];
    expect(unexpected(dns('NXDOMAIN'), { rcodes })).to.equal('NXDOMAIN');
    expect(unexpected(dns('NOERROR', 'B', 'a'), { rcodes, records: ['A', 'b'] })).to.equal(undefined);
    expect(unexpected(dns('NOERROR'), { records: ['a'] })).to.equal('records none');
    expect(unexpected(open({ responder: 'x' }), { responders: ['y'] })).to.equal('answered by x');
    expect(unexpected(open({}), { responders: ['y'] })).to.equal('answered by nobody known');
    expect(unexpected(http(404), { statuses: [200] })).to.equal('HTTP 404');
  });

  it('says nothing of what did not answer', () => {
    expect(unexpected({ verdict: 'dropped', elapsedUs: 1 }, { responders: ['y'] })).to.equal(undefined);
  });
});
