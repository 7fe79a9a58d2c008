import { expect } from 'chai';
import { freePort, startLocalAgent } from '../local-agent.test-support.ts';
import type { Verdict } from '../types.ts';
import { OpenLoop } from './open-loop.ts';

const host = '127.0.0.36';
const everyMs = 10;

describe('an open loop', () => {
  it('makes every attempt that was due before it is stopped, however late its process comes to it', async () => {
    const port = await freePort(host);
    const server = await startLocalAgent({ name: 'server', address: host, ports: [{ port, protocol: 'TCP' }] });
    const seen: Verdict[] = [];
    const probe = { kind: 'tcp', host, port, timeoutMs: 3_000 } as const;
    const loop = new OpenLoop({ probe, everyMs, reuse: false }, (index, { result }) => (seen[index] = result.verdict));
    const began = performance.now();
    while (performance.now() - began < 10 * everyMs);
    await loop.stop();
    await server.stop();
    expect(seen.length).to.be.at.least(10);
    expect(new Set(seen)).to.deep.equal(new Set(['open']));
  });
});
