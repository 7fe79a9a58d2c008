import { expect } from 'chai';
import { istioIdentity as mesh } from '../../../clusters/istio-objects.ts';
import { expectedMesh } from '../../../harness/oracle/mesh.ts';
import type { ProbeResult } from '../../../harness/probe/types.ts';
import { callerIdentity, meshDifference, seenBy } from './answer.ts';

const uri = 'spiffe://cluster.local/ns/a/sa/b';
const body = (headers: object) => JSON.stringify({ pod: 'server', peer: '10.0.0.1', headers, path: '/' });
const answer = (status: number, headers: object = {}, responder: string | undefined = 'server'): ProbeResult => ({
  verdict: 'open',
  elapsedUs: 1,
  responder,
  http: { status, body: body(headers), headers: {} },
});
const certificate = { 'x-forwarded-client-cert': `By=spiffe://cluster.local/ns/a/sa/s;Hash=1;Subject="";URI=${uri}` };

describe('mesh answers', () => {
  it('reads the identity of the caller, not the one of the server', () => {
    expect(callerIdentity(body(certificate), mesh)).to.equal(uri);
    expect(callerIdentity(body({}), mesh)).to.equal(undefined);
    expect(callerIdentity('no json', mesh)).to.equal(undefined);
  });

  it('takes a reset and a 503 of the own proxy for the same thing', () => {
    expect(seenBy({ verdict: 'refused', elapsedUs: 1 }, mesh).verdict).to.equal('reset');
    expect(seenBy({ ...answer(503), responder: undefined }, mesh).verdict).to.equal('reset');
  });

  it('does not take a 503 of the server, silence or 403 for a reset', () => {
    expect(seenBy(answer(503), mesh).verdict).to.equal('HTTP 503');
    expect(seenBy(answer(403), mesh).verdict).to.equal('HTTP 403');
    expect(seenBy({ verdict: 'dropped', elapsedUs: 1 }, mesh).verdict).to.equal('dropped');
  });

  it('agrees with the oracle only when verdict and encryption both do', () => {
    const strict = expectedMesh({ client: 'meshed', server: 'meshed', modes: { namespace: 'STRICT' } });
    expect(meshDifference(strict, answer(200, certificate), mesh)).to.equal(undefined);
    expect(meshDifference(strict, answer(200), mesh)).to.match(/^saw open without identity; wanted open, mTLS/);
    const turnedAway = expectedMesh({ client: 'plain', server: 'meshed', modes: { namespace: 'STRICT' } });
    expect(meshDifference(turnedAway, { verdict: 'refused', elapsedUs: 1 }, mesh)).to.equal(undefined);
    expect(meshDifference(turnedAway, answer(200), mesh)).to.match(/wanted reset/);
  });
});
