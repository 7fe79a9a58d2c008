import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { expect } from 'chai';
import type { WireProbeOf } from './schema.ts';
import { probeDns, probeLookup } from './probe-dns.ts';

const here = '127.0.0.37';
const attempt = { retry: true };
const nxdomain = 3;

/** Turns a query into an answer without records and with this rcode. */
function answer(query: Buffer, rcode: number): Buffer {
  const reply = Buffer.from(query);
  reply.writeUInt16BE(0x8180 | rcode, 2);
  return reply;
}

describe('a DNS probe', () => {
  let udp: Socket;
  let tcp: Server;
  let serverPort: number;
  let heard: number;

  before(async () => {
    udp = createSocket('udp4').bind(0, here);
    await once(udp, 'listening');
    serverPort = udp.address().port;
    udp.on('message', (query, peer) => {
      heard++;
      if (query.includes('stranger'))
        udp.send(Buffer.concat([Buffer.from([0, 0]), answer(query, 0).subarray(2)]), peer.port, peer.address);
      if (query.includes('once') && heard < 2) return;
      if (!query.includes('mute')) udp.send(answer(query, nxdomain), peer.port, peer.address);
    });
    tcp = createServer((socket) => {
      socket.on('data', (bytes) => {
        const whole = Buffer.concat([bytes.subarray(0, 2), answer(bytes.subarray(2), 0)]);
        // In pieces: a stream owes nobody its message boundaries.
        socket.write(whole.subarray(0, 1));
        setTimeout(() => socket.write(whole.subarray(1)), 5);
      });
    }).listen(serverPort, here);
    await once(tcp, 'listening');
  });
  beforeEach(() => {
    heard = 0;
  });
  after(() => {
    udp.close();
    tcp.close();
  });

  const ask = (name: string, more: Partial<WireProbeOf<'dns'>> = {}) =>
    probeDns(
      { kind: 'dns', name, rrtype: 'A', transport: 'udp', server: here, serverPort, timeoutMs: 2_000, ...more },
      attempt,
    );

  it('is open whatever the rcode, over UDP and TCP', async () => {
    expect(await ask('a.b')).to.nested.include({ verdict: 'open', 'dns.rcode': 'NXDOMAIN' });
    expect(await ask('a.b', { transport: 'tcp' })).to.nested.include({ verdict: 'open', 'dns.rcode': 'NOERROR' });
  });

  it('repeats a lost query and ignores an answer to another one', async () => {
    expect(await ask('once.b')).to.have.property('verdict', 'open');
    expect(heard).to.equal(2);
    expect(await ask('stranger.b')).to.nested.include({ 'dns.rcode': 'NXDOMAIN' });
  });

  it('tells silence, a closed port and a name nobody can ask for apart', async () => {
    expect(await ask('mute.b', { timeoutMs: 100 })).to.include({ verdict: 'dropped' });
    expect(await ask('a.b', { server: '127.0.0.38' })).to.include({ verdict: 'refused' });
    expect(await ask('a.b', { server: '127.0.0.38', transport: 'tcp' })).to.include({ verdict: 'refused' });
    expect(await ask(`${'a'.repeat(64)}.b`)).to.include({ verdict: 'inconclusive' });
  });

  it('looks names up as programs do', async () => {
    const found = await probeLookup({ kind: 'lookup', name: 'localhost', timeoutMs: 2_000 });
    expect(found.dns?.answers.some((address) => address === '127.0.0.1' || address === '::1')).to.equal(true);
  });
});
