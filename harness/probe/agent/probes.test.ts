import { expect } from 'chai';
import { freePort } from '../local-agent.test-support.ts';
import { type AgentPair, here, startAgentPair } from './agent-pair.test-support.ts';

const timeoutMs = 2_000;

describe('the agent over real sockets', () => {
  let pair: AgentPair;
  before(async () => {
    pair = await startAgentPair();
  });
  after(() => pair.stop());

  it('greets over TCP with its name and the address it saw', async () => {
    const result = await pair.run({ kind: 'tcp', host: here, port: pair.port.tcp, timeoutMs });
    expect(result).to.include({ verdict: 'open', responder: 'server', peerSeen: '127.0.0.1' });
    expect(result.elapsedUs).to.be.greaterThan(0);
  });

  it('is open at a mute port for who needs a handshake, and closed for who awaits a greeting', async () => {
    const probe = { kind: 'tcp', host: here, port: pair.port.mute, timeoutMs } as const;
    const handshakes = Array.from({ length: 200 }, () => ({ ...probe, connectOnly: true, closeWithReset: true }));
    const verdicts = (await pair.client.agent.probe(handshakes)).map((result) => result.verdict);
    expect(new Set(verdicts)).to.deep.equal(new Set(['open']));
    expect(await pair.run(probe)).to.include({ verdict: 'refused', error: 'closed before the answer' });
  });

  it('echoes large payloads over TCP and UDP', async () => {
    const tcp = await pair.run({ kind: 'tcp', host: here, port: pair.port.tcp, timeoutMs, payloadBytes: 300_000 });
    const udp = await pair.run({ kind: 'udp', host: here, port: pair.port.udp, timeoutMs, payloadBytes: 60_000 });
    expect([tcp.verdict, udp.verdict]).to.deep.equal(['open', 'open']);
  });

  it('echoes UDP down to an empty datagram', async () => {
    const probes = [0, 1, 7, 16, 600].map(
      (payloadBytes) => ({ kind: 'udp', host: here, port: pair.port.udp, timeoutMs, payloadBytes }) as const,
    );
    const results = await pair.client.agent.probe(probes);
    expect(results.map(({ verdict, responder }) => `${verdict} ${responder ?? ''}`)).to.deep.equal(
      Array(5).fill('open server'),
    );
  });

  it('asks over one socket for a whole row, from a new port each row, and still learns of a refusal', async () => {
    const shared = { kind: 'udp', host: here, timeoutMs: 600, sharedSocket: true, retry: true } as const;
    const closed = await freePort(here);
    const row = [...Array<number>(5).fill(pair.port.udp), closed].map((to) => ({ ...shared, port: to }));
    const results = await pair.client.agent.probe(row);
    expect(results.map(({ verdict }) => verdict)).to.deep.equal([...Array<string>(5).fill('open'), 'refused']);
    expect(results[0]).to.include({ responder: 'server', peerSeen: '127.0.0.1' });
  });

  it('answers HTTP with pod, peer, headers and path', async () => {
    const result = await pair.run({
      kind: 'http',
      host: here,
      port: pair.port.http,
      path: '/a?b',
      headers: { 'x-mark': '1' },
      timeoutMs,
    });
    expect(result).to.include({ verdict: 'open', responder: 'server' });
    expect(JSON.parse(result.http?.body ?? '')).to.nested.include({ pod: 'server', path: '/a', 'headers.x-mark': '1' });
  });

  it('sends a chunked body of any length', async () => {
    const result = await pair.run({
      kind: 'http',
      host: here,
      port: pair.port.http,
      path: '/bytes?n=50000',
      timeoutMs,
    });
    expect(result.http?.body).to.have.length(50_000);
  });

  it('runs more probes than it has slots for, in the order asked', async () => {
    const closed = await freePort(here);
    const probes = Array.from(
      { length: 700 },
      (_, i) => ({ kind: 'tcp', host: here, port: i % 7 === 0 ? closed : pair.port.tcp, timeoutMs }) as const,
    );
    const results = await pair.client.agent.probe(probes);
    expect(results.map(({ verdict }) => verdict)).to.deep.equal(
      probes.map((_, i) => (i % 7 === 0 ? 'refused' : 'open')),
    );
  });
});
