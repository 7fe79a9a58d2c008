import { type ChildProcess } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { expect } from 'chai';
import { connectAgent } from './client.ts';
import { tcpDoor } from './door.ts';
import { freePort, type LocalAgent, startLocalAgent } from './local-agent.ts';
import type { Probe } from './types.ts';

const here = '127.0.0.33';
const timeoutMs = 2_000;
const identity = { name: 'ghost', namespace: 'x', node: 'n1', ip: here, ips: [here] };

function controlPortOf(local: LocalAgent): number {
  const config: unknown = JSON.parse(environmentOf(local.process));
  return config !== null && typeof config === 'object' && 'controlPort' in config ? Number(config.controlPort) : 0;
}

function environmentOf(child: ChildProcess): string {
  const entry = child.spawnargs;
  return entry.at(-1) ?? '{}';
}

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
});
