import { OrdealError } from '../base/errors.ts';

/** One TCP segment with payload, as far as a capture needs to know it. */
export interface Segment {
  readonly from: string;
  readonly fromPort: number;
  readonly to: string;
  readonly toPort: number;
  readonly payload: Buffer;
}

const fileHeader = 24;
const packetHeader = 16;
const ethernet = 1;
const tcp = 6;

/**
 * Returns the TCP segments with payload of a capture file (classic pcap, Ethernet, either byte order); other packets
 * and one cut short at the end are left out. @throws OrdealError FAULT on anything that is not such a file.
 * Source: draft-ietf-opsawg-pcap.
 */
export function readPcap(file: Buffer): Segment[] {
  if (file.length < fileHeader) throw new OrdealError('FAULT', `a capture of ${file.length} bytes has no header`);
  const magic = file.readUInt32LE(0).toString(16);
  const little = magic === 'a1b2c3d4' || magic === 'a1b23c4d';
  const word = (at: number) => (little ? file.readUInt32LE(at) : file.readUInt32BE(at));
  if (!['a1b2c3d4', 'a1b23c4d'].includes(word(0).toString(16)) || (word(20) & 0xffff) !== ethernet) {
    throw new OrdealError('FAULT', `not an Ethernet capture: magic ${magic}, link type ${word(20)}`);
  }
  const segments: Segment[] = [];
  for (let at = fileHeader; at + packetHeader <= file.length;) {
    const length = word(at + 8);
    const frame = file.subarray(at + packetHeader, at + packetHeader + length);
    if (frame.length === length) segments.push(...segmentOf(frame));
    at += packetHeader + length;
  }
  return segments;
}

function segmentOf(frame: Buffer): Segment[] {
  const type = frame.length < 34 ? 0 : frame.readUInt16BE(12);
  if (type === 0x0800) return ipv4(frame.subarray(14));
  return type === 0x86dd && frame.length >= 54 ? ipv6(frame.subarray(14)) : [];
}

/** The packet's own length counts, not the frame's: short frames are padded on the wire. */
function ipv4(packet: Buffer): Segment[] {
  if (packet.readUInt8(9) !== tcp) return [];
  const header = (packet.readUInt8(0) & 0xf) * 4;
  const address = (at: number) => [...packet.subarray(at, at + 4)].join('.');
  return tcpSegment(packet.subarray(header, packet.readUInt16BE(2)), address(12), address(16));
}

function ipv6(packet: Buffer): Segment[] {
  if (packet.readUInt8(6) !== tcp) return [];
  const address = (at: number) => compress(packet.subarray(at, at + 16));
  return tcpSegment(packet.subarray(40, 40 + packet.readUInt16BE(4)), address(8), address(24));
}

function compress(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, index) => bytes.readUInt16BE(index * 2).toString(16));
  return new URL(`http://[${groups.join(':')}]/`).hostname.slice(1, -1);
}

function tcpSegment(data: Buffer, from: string, to: string): Segment[] {
  if (data.length < 20) return [];
  const payload = data.subarray((data.readUInt8(12) >> 4) * 4);
  if (payload.length === 0) return [];
  return [{ from, to, fromPort: data.readUInt16BE(0), toPort: data.readUInt16BE(2), payload }];
}
