import { expect } from 'chai';
import { openings, startCapture, wireOf } from './capture.ts';
import { FakeNode } from './fake-node.test-support.ts';
import { readPcap } from './pcap.ts';

const hello = Buffer.from([0x16, 0x03, 0x01, 0x00, 0x05, 1, 2, 3, 4, 5]);
const get = Buffer.from('GET / HTTP/1.1\r\n');

function frame(fromPort: number, payload: Buffer): Buffer {
  const packet = Buffer.alloc(14 + 20 + 20);
  packet.writeUInt16BE(0x0800, 12);
  packet.writeUInt8(0x45, 14);
  packet.writeUInt16BE(40 + payload.length, 16);
  packet.writeUInt8(6, 14 + 9);
  packet.set([10, 0, 0, 1], 14 + 12);
  packet.set([10, 0, 0, 2], 14 + 16);
  packet.writeUInt16BE(fromPort, 34);
  packet.writeUInt16BE(8080, 36);
  packet.writeUInt8(5 << 4, 34 + 12);
  return Buffer.concat([packet, payload]);
}

function pcap(...frames: readonly Buffer[]): Buffer {
  const header = Buffer.alloc(24);
  header.writeUInt32LE(0xa1b2c3d4, 0);
  header.writeUInt32LE(1, 20);
  const packets = frames.map((data) => {
    const about = Buffer.alloc(16);
    about.writeUInt32LE(data.length, 8);
    return Buffer.concat([about, data]);
  });
  return Buffer.concat([header, ...packets]);
}

describe('readPcap', () => {
  it('returns segments with payload and where they came from', () => {
    const [segment, ...rest] = readPcap(pcap(frame(4000, get), frame(4000, Buffer.alloc(0))));
    expect(rest).to.be.empty;
    expect(segment).to.include({ from: '10.0.0.1', fromPort: 4000, to: '10.0.0.2', toPort: 8080 });
    expect(segment?.payload.toString()).to.equal(get.toString());
  });

  it('does not take the padding of a short frame for payload', () => {
    expect(readPcap(pcap(Buffer.concat([frame(4000, Buffer.alloc(0)), Buffer.alloc(6)])))).to.be.empty;
  });

  it('leaves out a packet that was cut off at the end of the file', () => {
    const file = pcap(frame(1, get), frame(2, get));
    expect(readPcap(file.subarray(0, file.length - 3))).to.have.length(1);
  });

  it('refuses what is not a capture', () => {
    expect(() => readPcap(Buffer.from('hello'))).to.throw(/has no header/);
    expect(() => readPcap(Buffer.alloc(40))).to.throw(/not an Ethernet capture/);
  });
});

describe('wire', () => {
  it('tells TLS records from plaintext', () => {
    expect(wireOf(hello)).to.equal('tls');
    expect(wireOf(get)).to.equal('plaintext');
    expect(wireOf(Buffer.from([0x16, 0x99]))).to.equal('plaintext');
  });

  it('looks at how the client opened each connection', () => {
    const segments = readPcap(pcap(frame(1, hello), frame(1, get), frame(2, get)));
    expect(openings(segments, '10.0.0.1', 8080)).to.deep.equal(['tls', 'plaintext']);
    expect(openings(segments, '10.0.0.9', 8080)).to.be.empty;
    expect(openings(segments, '10.0.0.1', 9090)).to.be.empty;
  });
});

describe('startCapture', () => {
  const timeouts = { settleMs: 5, settlePollMs: 1, faultDeadlineMs: 60_000 };
  const spec = { node: 'one', podIp: '10.0.0.2', ports: [8080, 8081], name: 'c' };

  it('runs inside the namespace that has the address, for a bounded time', async () => {
    const node = new FakeNode()
      .answer(/var\/run\/netns/, { stdout: '/var/run/netns/cni-1\n' })
      .answer(/\.log; test/, { stdout: 'tcpdump: listening on eth0' })
      .answer(/base64/, { stdout: pcap(frame(1, hello)).toString('base64') });
    const capture = await startCapture({ nodeExec: node.exec }, spec, timeouts);
    const started = node.calls.map((call) => call.argv.join(' ')).find((line) => line.includes('tcpdump -i'));
    expect(started).to.match(/timeout 60 nsenter --net=\/var\/run\/netns\/cni-1 tcpdump/);
    expect(started).to.include("'tcp port 8080 or tcp port 8081'");
    expect(await capture.stop()).to.have.length(1);
  });

  it('is inconclusive without tcpdump', async () => {
    const node = new FakeNode()
      .answer(/var\/run\/netns/, { stdout: '/x\n' })
      .answer(/\.log; test/, { code: 1, stdout: 'nsenter: failed to execute tcpdump: No such file or directory' });
    const error = await startCapture({ nodeExec: node.exec }, spec, timeouts).catch(String);
    expect(error).to.match(/^InconclusiveError: capturing on node one did not start: nsenter: failed/);
  });

  it('is inconclusive when the pod is not on that node', async () => {
    const node = new FakeNode().answer(/var\/run\/netns/, { code: 1 });
    const error = await startCapture({ nodeExec: node.exec }, spec, timeouts).catch(String);
    expect(error).to.match(/no network namespace with address 10\.0\.0\.2/);
  });
});
