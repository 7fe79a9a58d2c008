/** Record types this encoder asks for and decoder prints (IANA DNS parameters). */
export const rrtypes = { A: 1, NS: 2, CNAME: 5, SOA: 6, PTR: 12, TXT: 16, AAAA: 28, SRV: 33 } as const;
export type RrType = keyof typeof rrtypes;

const rcodes = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'];

export interface DnsAnswer {
  readonly id: number;
  readonly rcode: string;
  /** TC bit: the answer did not fit the datagram. */
  readonly truncated: boolean;
  readonly answers: string[];
}

function encodeName(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  const parts = labels.map((label) => {
    const bytes = Buffer.from(label, 'latin1');
    if (bytes.length > 63) throw new Error(`label of ${bytes.length} bytes in ${name}`);
    return Buffer.concat([Buffer.from([bytes.length]), bytes]);
  });
  return Buffer.concat([...parts, Buffer.from([0])]);
}

/** EDNS0 (RFC 6891) with the 1232-byte buffer that avoids fragments (DNS flag day 2020). */
const edns = Buffer.from([0, 0, 41, 1232 >> 8, 1232 & 255, 0, 0, 0, 0, 0, 0]);

/** Returns a query message (RFC 1035): recursion desired, one question, EDNS0. @throws on a label over 63 bytes. */
export function encodeQuery(id: number, name: string, rrtype: RrType): Buffer {
  const header = Buffer.from([id >> 8, id & 255, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1]);
  return Buffer.concat([header, encodeName(name), Buffer.from([0, rrtypes[rrtype], 0, 1]), edns]);
}

class Reader {
  at = 12;
  readonly message: Buffer;

  constructor(message: Buffer) {
    this.message = message;
  }

  u8 = (): number => this.message.readUInt8(this.at++);
  u16 = (): number => (this.u8() << 8) | this.u8();
  u32 = (): number => this.u16() * 65_536 + this.u16();

  /** Reads a name, following compression pointers; a pointer may only lead backwards, so loops end. */
  name(): string {
    const labels: string[] = [];
    for (let length = this.u8(); length !== 0; length = this.u8()) {
      if (length >= 192) return [...labels, this.pointed(((length & 63) << 8) | this.u8())].filter(Boolean).join('.');
      labels.push(this.message.toString('latin1', this.at, (this.at += length)));
    }
    return labels.join('.');
  }

  private pointed(offset: number): string {
    if (offset >= this.at - 2) throw new Error('compression pointer does not lead backwards');
    const other = new Reader(this.message);
    other.at = offset;
    return other.name();
  }

  bytes(length: number): Buffer {
    const bytes = this.message.subarray(this.at, this.at + length);
    if (bytes.length < length) throw new Error('message ends inside a record');
    this.at += length;
    return bytes;
  }
}

function ipv6Text(bytes: Buffer): string {
  const groups = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(i * 2).toString(16)).join(':');
  // URL is the platform's own RFC 5952 canonicaliser.
  return new URL(`http://[${groups}]`).hostname.slice(1, -1);
}

function texts(reader: Reader, length: number): string {
  const end = reader.at + length;
  const parts: string[] = [];
  while (reader.at < end) parts.push(reader.bytes(reader.u8()).toString('utf8'));
  return parts.join('');
}

function soaText(reader: Reader): string {
  const names = [reader.name(), reader.name()];
  return [...names, ...Array.from({ length: 5 }, () => reader.u32())].join(' ');
}

function dataText(reader: Reader, type: number, length: number): string {
  if (type === rrtypes.A) return [...reader.bytes(4)].join('.');
  if (type === rrtypes.AAAA) return ipv6Text(reader.bytes(16));
  if (type === rrtypes.SRV) return `${reader.u16()} ${reader.u16()} ${reader.u16()} ${reader.name()}`;
  if (type === rrtypes.TXT) return texts(reader, length);
  if (type === rrtypes.SOA) return soaText(reader);
  if (type === rrtypes.CNAME || type === rrtypes.NS || type === rrtypes.PTR) return reader.name();
  return `TYPE${type} ${reader.bytes(length).toString('hex')}`;
}

function record(reader: Reader): string {
  reader.name();
  const type = reader.u16();
  reader.at += 6;
  const length = reader.u16();
  const end = reader.at + length;
  const text = dataText(reader, type, length);
  reader.at = end;
  return text;
}

/**
 * Returns the answer section of a response as text, one entry per record in the order sent, names without the final
 * dot (`0 100 80 web.x.svc.cluster.local` for SRV). @throws on a message that is malformed or not a response.
 */
export function decodeAnswer(message: Buffer): DnsAnswer {
  const flags = message.readUInt16BE(2);
  if ((flags & 0x8000) === 0) throw new Error('not a response');
  const reader = new Reader(message);
  for (let left = message.readUInt16BE(4); left > 0; left--) {
    reader.name();
    reader.at += 4;
  }
  const answers = Array.from({ length: message.readUInt16BE(6) }, () => record(reader));
  const rcode = rcodes[flags & 15] ?? `RCODE${flags & 15}`;
  return { id: message.readUInt16BE(0), rcode, truncated: (flags & 0x0200) !== 0, answers };
}
