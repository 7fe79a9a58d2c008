import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect } from 'chai';
import { freePort } from '../local-agent.test-support.ts';
import { type AgentPair, here, startAgentPair } from './agent-pair.test-support.ts';

const timeoutMs = 2_000;

describe('verdicts that are neither an answer nor a drop', () => {
  let pair: AgentPair;
  before(async () => {
    pair = await startAgentPair();
  });
  after(() => pair.stop());

  it('calls another protocol than the one asked for malformed', async () => {
    const banner = createServer((socket) => socket.on('error', () => undefined).end('220 mail ESMTP\r\n')).listen(
      0,
      here,
    );
    await once(banner, 'listening');
    const bound = banner.address();
    const port = typeof bound === 'object' && bound !== null ? bound.port : 0;
    const plain = await pair.run({ kind: 'http', host: here, port, timeoutMs });
    const tls = await pair.run({ kind: 'http', host: here, port, timeoutMs, tls: true });
    banner.close();
    expect([plain, tls].map(({ verdict }) => verdict)).to.deep.equal(['malformed', 'malformed']);
    expect(plain.error).to.match(/^HPE_/);
  });

  it('calls a target whose name has no address unresolved', async () => {
    const result = await pair.run({ kind: 'tcp', host: 'nowhere.invalid', port: 1, timeoutMs: 20_000 });
    expect(result.verdict).to.equal('unresolved');
    expect(result.error).to.contain('nowhere.invalid does not resolve');
  });

  it('sends a datagram that nobody may fragment and reads its echo', async () => {
    const probe = { kind: 'udp', host: here, timeoutMs, dontFragment: true, payloadBytes: 1_400 } as const;
    const echoed = await pair.run({ ...probe, port: pair.port.udp });
    expect(echoed).to.include({ verdict: 'open', responder: 'server' });
    expect(await pair.run({ ...probe, port: await freePort(here) })).to.include({ error: 'ECONNREFUSED' });
  });

  it('calls its own trouble inconclusive', async () => {
    const results = await pair.client.agent.probe([
      { kind: 'tcp', host: 'no..name', port: 1, timeoutMs },
      { kind: 'udp', host: here, port: pair.port.udp, timeoutMs, payloadBytes: 70_000 },
      { kind: 'http', host: here, port: pair.port.http, path: '/ not a path', timeoutMs },
      { kind: 'sctp', host: here, port: 1, timeoutMs },
    ]);
    expect(results.map(({ verdict }) => verdict)).to.deep.equal(Array(4).fill('inconclusive'));
    expect(results.every(({ error }) => error !== undefined)).to.equal(true);
  });
});
