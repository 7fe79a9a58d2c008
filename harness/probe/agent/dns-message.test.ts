import { expect } from 'chai';
import fc from 'fast-check';
import { decodeAnswer, encodeQuery, type RrType, rrtypes } from './dns-message.ts';

/** A response to `query` with one record whose owner is a pointer to the question and whose data are `data`. */
function respond(query: Buffer, type: RrType, data: readonly Buffer[], flags = 0x8180): Buffer {
  const question = query.subarray(12, query.length - 11);
  const header = Buffer.alloc(12);
  header.writeUInt16BE(query.readUInt16BE(0), 0);
  header.writeUInt16BE(flags, 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(data.length, 6);
  const records = data.flatMap((bytes) => [
    Buffer.from([0xc0, 12, 0, rrtypes[type], 0, 1, 0, 0, 0, 30, bytes.length >> 8, bytes.length & 255]),
    bytes,
  ]);
  return Buffer.concat([header, question, ...records]);
}
const name = 'web.x.svc.cluster.local';
const pointer = Buffer.from([0xc0, 12]);

describe('a DNS message', () => {
  it('asks one question, recursion desired, with EDNS0', () => {
    const query = encodeQuery(0x1234, 'a.bc', 'SRV');
    expect(query.toString('hex')).to.equal(
      '123401000001000000000001' + '0161026263000021' + '0001' + '00002904d0000000000000',
    );
  });

  it('takes names with and without the final dot for the same, and refuses labels nobody can encode', () => {
    expect(encodeQuery(1, 'a.b.', 'A')).to.deep.equal(encodeQuery(1, 'a.b', 'A'));
    expect(() => encodeQuery(1, `${'a'.repeat(64)}.b`, 'A')).to.throw('label of 64 bytes');
  });

  it('prints every record type it can ask for', () => {
    const cases: [RrType, Buffer, string][] = [
      ['A', Buffer.from([10, 96, 0, 10]), '10.96.0.10'],
      ['AAAA', Buffer.from('fd000000000000000000000000000001', 'hex'), 'fd00::1'],
      ['CNAME', pointer, name],
      ['NS', Buffer.concat([Buffer.from('\x02ns'), pointer]), `ns.${name}`],
      ['PTR', pointer, name],
      ['SRV', Buffer.concat([Buffer.from([0, 5, 0, 100, 0, 80]), pointer]), `5 100 80 ${name}`],
      ['TXT', Buffer.from('\x03dns\x06-sd 12'), 'dns-sd 12'],
      [
        'SOA',
        Buffer.concat([pointer, Buffer.from([0]), Buffer.from('0000000a000000050000000600000007ffffffff', 'hex')]),
        `${name}  10 5 6 7 4294967295`,
      ],
    ];
    for (const [type, data, text] of cases) {
      expect(decodeAnswer(respond(encodeQuery(7, name, type), type, [data])).answers, type).to.deep.equal([text]);
    }
  });

  it('reads rcode and the truncation bit', () => {
    const query = encodeQuery(9, name, 'A');
    expect(decodeAnswer(respond(query, 'A', [], 0x8183))).to.deep.equal({
      id: 9,
      rcode: 'NXDOMAIN',
      truncated: false,
      answers: [],
    });
    expect(decodeAnswer(respond(query, 'A', [], 0x8380)).truncated).to.equal(true);
    expect(decodeAnswer(respond(query, 'A', [], 0x818f)).rcode).to.equal('RCODE15');
  });

  it('refuses a query, a loop of pointers and a message cut short', () => {
    const query = encodeQuery(1, name, 'A');
    expect(() => decodeAnswer(query)).to.throw('not a response');
    const loop = respond(query, 'CNAME', [Buffer.from([0xc0, 52 + 1])]);
    expect(() => decodeAnswer(loop)).to.throw();
    const whole = respond(query, 'A', [Buffer.from([10, 0, 0, 1])]);
    for (let length = 0; length < whole.length; length++)
      expect(() => decodeAnswer(whole.subarray(0, length))).to.throw();
  });

  it('ends on any bytes at all, with an answer or an error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 12, maxLength: 80 }), (bytes) => {
        const message = Buffer.from(bytes);
        message[2] = 0x80;
        message[4] = 0;
        message[6] = 0;
        try {
          expect(decodeAnswer(message).answers).to.be.an('array');
        } catch (error) {
          expect(error).to.be.an('error');
        }
      }),
    );
  });
});
