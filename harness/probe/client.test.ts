import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect } from 'chai';
import { connectAgent } from './client.ts';
import { ControlConnection } from './control-connection.ts';
import { tcpTransport } from './tcp-transport.test-support.ts';
import { freePort, type LocalAgent, startLocalAgent } from './local-agent.test-support.ts';
import type { Probe } from './types.ts';

const here = '127.0.0.33';
const timeoutMs = 2_000;
const identity = { name: 'ghost', namespace: 'x', node: 'n1', ip: here, ips: [here] };
const refused = () => Promise.reject(new Error('port-forward is forbidden'));

describe('the client of an agent', () => {
  let local: LocalAgent;
  let tcp: Probe;

  beforeEach(async () => {
    const port = await freePort(here);
    local = await startLocalAgent({ name: 'a', address: here, ports: [{ port, protocol: 'TCP' }] });
    tcp = { kind: 'tcp', host: here, port, timeoutMs };
  });
  afterEach(() => local.stop());

  it('makes the whole row inconclusive, naming the agent, when it dies in the middle of it', async () => {
    const mute = createSocket('udp4').bind(0, here);
    await once(mute, 'listening');
    const row = local.agent.probe([tcp, { kind: 'udp', host: here, port: mute.address().port, timeoutMs: 15_000 }]);
    await once(mute, 'message');
    local.process.kill('SIGKILL');
    const results = await row;
    mute.close();
    expect(results.map(({ verdict }) => verdict)).to.deep.equal(['inconclusive', 'inconclusive']);
    expect(results[0]?.error).to.contain('agent local/a').and.contain('broken');
  });

  it('opens a new connection when the kept one broke', async () => {
    const opened: Duplex[] = [];
    const open = async () => {
      const stream = await local.transport.open();
      opened.push(stream);
      return stream;
    };
    const agent = connectAgent(identity, { open }, timeoutMs);
    await agent.probe([tcp]);
    opened[0]?.destroy();
    const [result] = await agent.probe([tcp]);
    agent.close();
    expect(result?.verdict).to.equal('open');
    expect(opened).to.have.length(2);
  });

  it('keeps one connection for many rows at once', async () => {
    let opened = 0;
    const open = () => (opened++, local.transport.open());
    const agent = connectAgent(identity, { open }, timeoutMs);
    const rows = await Promise.all(Array.from({ length: 20 }, () => agent.probe([tcp, tcp])));
    agent.close();
    expect(rows.flat().map(({ verdict }) => verdict)).to.deep.equal(Array(40).fill('open'));
    expect(opened).to.equal(1);
  });

  it('asks through the other way when no connection can be opened', async () => {
    const agent = connectAgent(identity, { open: refused, ask: local.transport.ask }, timeoutMs);
    expect((await agent.probe([tcp]))[0]).to.include({ verdict: 'open', responder: 'a' });
  });

  it('names the agent and both failures when every way is shut', async () => {
    const ask = () => Promise.reject(new Error('exec is forbidden too'));
    const [result] = await connectAgent(identity, { open: refused, ask }, timeoutMs).probe([tcp]);
    expect(result?.verdict).to.equal('inconclusive');
    expect(result?.error).to.contain('x/ghost on node n1').and.contain('exec is forbidden too');
  });

  it('is inconclusive when the other side speaks something else', async () => {
    const stranger = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')).listen(0, here);
    await once(stranger, 'listening');
    const bound = stranger.address();
    const transport = tcpTransport(here, typeof bound === 'object' && bound !== null ? bound.port : 0);
    const [result] = await connectAgent(identity, transport, timeoutMs).probe([tcp]);
    stranger.close();
    expect(result).to.have.property('verdict', 'inconclusive');
  });

  it('is inconclusive when the agent never answers', async () => {
    const mute = createServer(() => undefined).listen(0, here);
    await once(mute, 'listening');
    const bound = mute.address();
    const transport = tcpTransport(here, typeof bound === 'object' && bound !== null ? bound.port : 0);
    const [result] = await connectAgent(identity, transport, 50).probe([{ ...tcp, timeoutMs: 50 }]);
    mute.close();
    expect(result?.error).to.contain('no answer after 2100 ms');
  });

  it('tells, if asked to, when the answers to a row have ceased and the rest is silence', async () => {
    const mute = createSocket('udp4').bind(0, here);
    await once(mute, 'listening');
    const connection = new ControlConnection(await local.transport.open());
    const heard: string[] = [];
    const ask = async (probe: Probe, tellQuiet: boolean) => {
      await connection.request({ op: 'probe', probes: [probe], tellQuiet }, () => heard.push('quiet'));
      heard.push('reply');
    };
    const silent: Probe = { kind: 'udp', host: here, port: mute.address().port, timeoutMs: 300 };
    await ask(silent, true);
    await ask(silent, false);
    await ask(tcp, true);
    connection.fail('over');
    mute.close();
    expect(heard).to.deep.equal(['quiet', 'reply', 'reply', 'reply']);
  });

  it('is inconclusive, not an exception, for a probe the contract does not know', async () => {
    const [result] = await local.agent.probe([{ ...tcp, timeoutMs: -1 }]);
    expect(result?.verdict).to.equal('inconclusive');
    expect((await local.agent.probe([tcp]))[0]?.verdict).to.equal('open');
  });

  it('turns readiness off and on', async () => {
    const status = async () => (await fetch(local.readyUrl)).status;
    expect(await status()).to.equal(200);
    await local.agent.setReady(false);
    expect(await status()).to.equal(503);
    await local.agent.setReady(true);
    expect(await status()).to.equal(200);
  });

  it('says which agent is gone when a sampler cannot be started', async () => {
    await local.stop();
    const started = local.agent.sample({ probe: tcp, everyMs: 10, reuse: false });
    expect(await started.catch((error: unknown) => error))
      .to.be.an('error')
      .with.property('code', 'AGENT');
  });
});
