import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { expect } from 'chai';
import { rrtypes } from './dns-message.ts';
import type { WireProbeOf } from './schema.ts';
import { probeDns, probeLookup } from './probe-dns.ts';

const here = '127.0.0.37';
const nxdomain = 3;

/** Turns a query into an answer without records and with this rcode. */
function answer(query: Buffer, rcode: number): Buffer {
  const reply = Buffer.from(query);
  reply.writeUInt16BE(0x8180 | rcode, 2);
  return reply;
}

/** Splits what came over TCP into messages, each with its length before it. */
function framed(bytes: Buffer): Buffer[] {
  if (bytes.length < 2) return [];
  const end = 2 + bytes.readUInt16BE(0);
  return [bytes.subarray(0, end), ...framed(bytes.subarray(end))];
}

describe('a DNS probe', () => {
  let udp: Socket;
  let tcp: Server;
  let serverPort: number;
  let heard: number;
  const peers = new Set<number>();

  before(async () => {
    udp = createSocket('udp4').bind(0, here);
    await once(udp, 'listening');
    serverPort = udp.address().port;
    udp.on('message', (query, peer) => {
      heard++;
      if (query.includes('stranger'))
        udp.send(Buffer.concat([Buffer.from([0, 0]), answer(query, 0).subarray(2)]), peer.port, peer.address);
      peers.add(peer.port);
      if (query.includes('once') && heard < 2) return;
      if (query.includes('garbage')) {
        udp.send(query.subarray(0, 7), peer.port, peer.address);
        return;
      }
      if (query.includes('half') && query.readUInt16BE(query.length - 15) === rrtypes.AAAA) return;
      if (!query.includes('mute')) udp.send(answer(query, nxdomain), peer.port, peer.address);
    });
    tcp = createServer((socket) => {
      socket.on('data', (bytes) => {
        const whole = Buffer.concat(framed(bytes).flatMap((one) => [one.subarray(0, 2), answer(one.subarray(2), 0)]));
        // In pieces: a stream owes nobody its message boundaries.
        socket.write(whole.subarray(0, 1));
        setTimeout(() => socket.write(whole.subarray(1)), 5);
      });
    }).listen(serverPort, here);
    await once(tcp, 'listening');
  });
  beforeEach(() => {
    heard = 0;
    peers.clear();
  });
  after(() => {
    udp.close();
    tcp.close();
  });

  const ask = (name: string, more: Partial<WireProbeOf<'dns'>> = {}) =>
    probeDns({
      kind: 'dns',
      name,
      rrtype: 'A',
      transport: 'udp',
      server: here,
      serverPort,
      timeoutMs: 2_000,
      ...more,
    });

  it('is open whatever the rcode, over UDP and TCP', async () => {
    expect(await ask('a.b')).to.nested.include({ verdict: 'open', 'dns.rcode': 'NXDOMAIN' });
    expect(await ask('a.b', { transport: 'tcp' })).to.nested.include({ verdict: 'open', 'dns.rcode': 'NOERROR' });
  });

  it('repeats a lost query only if told to, and ignores an answer to another one', async () => {
    expect(await ask('once.b', { retry: true })).to.have.property('verdict', 'open');
    expect(heard).to.equal(2);
    heard = 0;
    expect(await ask('once.b', { timeoutMs: 200 })).to.have.property('verdict', 'dropped');
    expect(heard).to.equal(1);
    expect(await ask('stranger.b')).to.nested.include({ 'dns.rcode': 'NXDOMAIN' });
  });

  it('asks two questions at once from one socket, and wants both answered', async () => {
    expect(await ask('a.b', { alsoAsk: 'AAAA' })).to.nested.include({ 'dns.rcode': 'NXDOMAIN' });
    expect([heard, peers.size]).to.deep.equal([2, 1]);
    expect(await ask('a.b', { alsoAsk: 'AAAA', transport: 'tcp' })).to.have.property('verdict', 'open');
    const half = await ask('half.b', { alsoAsk: 'AAAA', timeoutMs: 200 });
    expect(half).to.include({ verdict: 'dropped', error: 'no answer to AAAA, though to what was asked with it' });
  });

  it('calls an answer that is no DNS message malformed', async () => {
    expect(await ask('garbage.b')).to.have.property('verdict', 'malformed');
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
