import { expect } from 'chai';
import { freePort, type LocalAgent, startLocalAgent } from '../local-agent.test-support.ts';
import type { Probe } from '../types.ts';

describe('a closed-loop load', () => {
  const address = '127.0.0.9';
  let local: LocalAgent;
  let tcp = 0;
  let udp = 0;
  before(async () => {
    [tcp, udp] = [await freePort(address), await freePort(address)];
    const ports = [
      { port: tcp, protocol: 'TCP' as const },
      { port: udp, protocol: 'UDP' as const },
    ];
    local = await startLocalAgent({ name: 'server', address, ports });
  });
  after(() => local.stop());
  const load = (probe: Probe, reuse: boolean, inFlight = 1) =>
    local.agent.load({ probe, reuse, inFlight, warmUpMs: 20, forMs: 150 });

  it('counts answers over kept and over new connections, TCP and UDP', async () => {
    // A starved machine is late, not broken.
    const target = { host: address, timeoutMs: 5_000 };
    const runs = [
      await load({ kind: 'tcp', ...target, port: tcp, payloadBytes: 1 }, true),
      await load({ kind: 'tcp', ...target, port: tcp, payloadBytes: 1 }, false),
      await load({ kind: 'tcp', ...target, port: tcp, connectOnly: true }, false, 4),
      await load({ kind: 'udp', ...target, port: udp, payloadBytes: 1 }, true),
    ];
    for (const run of runs) {
      expect(run.failed, run.error).to.equal(0);
      expect(run.answered).to.be.above(0);
      expect(run.perSecond).to.be.above(0);
    }
  });

  it('counts what fails apart, with what became of the first, and goes on', async () => {
    const gone = await freePort(address);
    const run = await load({ kind: 'tcp', host: address, port: gone, timeoutMs: 500 }, false);
    expect(run.answered).to.equal(0);
    expect(run.failed).to.be.above(1);
    expect(run.error).to.match(/^refused: /);
  });
});
