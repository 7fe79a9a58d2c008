/**
 * Source of an authoritative DNS server for UDP and TCP (RFC 1035), run by Node in a pod: `server.mjs PORT udp4|udp6 JSON`,
 * JSON maps names to IPv4 addresses. A records only; a known name with another type is NOERROR without records.
 */
export const dnsServerScript = String.raw`
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

const [port, family, table] = process.argv.slice(-3);
const records = JSON.parse(table);

function question(query) {
  const labels = [];
  let at = 12;
  for (let length = query[at]; length !== 0; length = query[at]) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function answer(query) {
  const { name, type, end } = question(query);
  const address = records[name];
  const found = address !== undefined && type === 1;
  const head = Buffer.from(query.subarray(0, 12));
  head.writeUInt16BE(0x8400 | (query.readUInt16BE(2) & 0x0100) | (address === undefined ? 3 : 0), 2);
  [1, found ? 1 : 0, 0, 0].forEach((count, index) => head.writeUInt16BE(count, 4 + index * 2));
  const record = found ? [Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 1, 0, 4, ...address.split('.').map(Number)])] : [];
  return Buffer.concat([head, query.subarray(12, end), ...record]);
}

const udp = createSocket(family);
udp.on('message', (query, peer) => {
  if (query.length > 16) udp.send(answer(query), peer.port, peer.address);
});

createServer((socket) => {
  let received = Buffer.alloc(0);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    received = Buffer.concat([received, chunk]);
    while (received.length > 2 && received.length >= 2 + received.readUInt16BE(0)) {
      const end = 2 + received.readUInt16BE(0);
      const reply = answer(received.subarray(2, end));
      socket.write(Buffer.concat([Buffer.from([reply.length >> 8, reply.length & 255]), reply]));
      received = received.subarray(end);
    }
  });
}).listen(Number(port), () => {
  udp.bind(Number(port), () => process.stdout.write('name server listens\n'));
});
`;
